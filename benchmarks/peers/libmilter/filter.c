/* The workloads on libmilter: --listen unix:PATH|inet:PORT@HOST --workload noop|inspect|inspect-nr|rewrite|typical|block-one|block-all */
#include <libmilter/mfapi.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

static const char footer[] = "-- \r\nchecked by the bench filter\r\n";
static const char *workload = "inspect";
static bool quiet;          /* replies waived */

struct state {
    int headers;
    size_t body, subject_length;
    char subject[256];
    unsigned char *copy;
    size_t copied, capacity;
    bool blocked;
};

static struct state *state_of(SMFICTX *context) {
    struct state *state = smfi_getpriv(context);
    if (!state && (state = calloc(1, sizeof *state)))
        smfi_setpriv(context, state);
    return state;
}

static sfsistat go_on(void) { return quiet ? SMFIS_NOREPLY : SMFIS_CONTINUE; }

static void nap(long ms) {
    struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&time, NULL);
}

static void keep_subject(struct state *state, const char *value) {
    while (*value == ' ')
        value++;
    state->subject_length = strlen(value);
    snprintf(state->subject, sizeof state->subject, "%s", value);
}

/* ---- noop, block-one, block-all ---- */
static sfsistat accept_eom(SMFICTX *context) { (void)context; return SMFIS_ACCEPT; }

static sfsistat block_helo(SMFICTX *context, char *name) {
    struct state *state = state_of(context);
    if (!state)
        return SMFIS_TEMPFAIL;
    state->blocked = strcmp(name, "blocked.example.com") == 0;
    return SMFIS_CONTINUE;
}

static sfsistat block_one_rcpt(SMFICTX *context, char **arguments) {
    (void)arguments;
    struct state *state = state_of(context);
    if (state && state->blocked)
        nap(100);
    return SMFIS_CONTINUE;
}

static sfsistat block_all_rcpt(SMFICTX *context, char **arguments) { (void)context; (void)arguments; nap(20); return SMFIS_CONTINUE; }

/* ---- inspect, inspect-nr, rewrite ---- */
static sfsistat begin(SMFICTX *context) {
    struct state *state = state_of(context);
    if (!state)
        return SMFIS_TEMPFAIL;
    state->headers = 0;
    state->body = state->subject_length = state->copied = 0;
    state->subject[0] = 0;
    return go_on();
}

static sfsistat on_connect(SMFICTX *context, char *host, _SOCK_ADDR *address) { (void)host; (void)address; return begin(context); }
static sfsistat on_helo(SMFICTX *context, char *name) { (void)context; (void)name; return go_on(); }
static sfsistat on_mail(SMFICTX *context, char **arguments) { (void)arguments; return begin(context); }
static sfsistat on_rcpt(SMFICTX *context, char **arguments) { (void)context; (void)arguments; return go_on(); }
static sfsistat on_eoh(SMFICTX *context) { (void)context; return go_on(); }

static sfsistat on_header(SMFICTX *context, char *name, char *value) {
    struct state *state = smfi_getpriv(context);
    state->headers++;
    if (strcasecmp(name, "Subject") == 0)
        keep_subject(state, value);
    return go_on();
}

static sfsistat on_body(SMFICTX *context, unsigned char *chunk, size_t length) {
    struct state *state = smfi_getpriv(context);
    state->body += length;
    return go_on();
}

static sfsistat copy_body(SMFICTX *context, unsigned char *chunk, size_t length) {
    struct state *state = smfi_getpriv(context);
    if (state->copied + length + sizeof footer > state->capacity) {
        size_t capacity = (state->copied + length + sizeof footer) * 2;
        unsigned char *grown = realloc(state->copy, capacity);
        if (!grown)
            return SMFIS_TEMPFAIL;
        state->copy = grown;
        state->capacity = capacity;
    }
    memcpy(state->copy + state->copied, chunk, length);
    state->copied += length;
    return go_on();
}

static sfsistat inspected(SMFICTX *context) {
    struct state *state = smfi_getpriv(context);
    char text[96];
    snprintf(text, sizeof text, "h=%d b=%zu s=%zu", state->headers, state->body, state->subject_length);
    return smfi_addheader(context, "X-Checked", text) == MI_SUCCESS ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

static sfsistat rewritten(SMFICTX *context) {
    struct state *state = smfi_getpriv(context);
    char text[300];
    snprintf(text, sizeof text, "[CHK] %s", state->subject);
    if (copy_body(context, (unsigned char *)footer, sizeof footer - 1) == SMFIS_TEMPFAIL
        || smfi_chgheader(context, "Subject", 1, text) != MI_SUCCESS || smfi_addrcpt(context, "<extra@example.net>") != MI_SUCCESS
        || smfi_replacebody(context, state->copy, (int)state->copied) != MI_SUCCESS)
        return SMFIS_TEMPFAIL;
    return SMFIS_CONTINUE;
}

static sfsistat on_abort(SMFICTX *context) { (void)context; return SMFIS_CONTINUE; }

static sfsistat on_close(SMFICTX *context) {
    struct state *state = smfi_getpriv(context);
    if (state) {
        free(state->copy);
        free(state);
        smfi_setpriv(context, NULL);
    }
    return SMFIS_CONTINUE;
}

static sfsistat waive_replies(SMFICTX *context, unsigned long actions, unsigned long steps, unsigned long unused2, unsigned long unused3,
    unsigned long *wanted_actions, unsigned long *wanted_steps, unsigned long *zero2, unsigned long *zero3) {
    (void)context; (void)unused2; (void)unused3;
    *wanted_actions = actions & SMFIF_ADDHDRS;
    *wanted_steps = steps & (SMFIP_NOUNKNOWN | SMFIP_NODATA | SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR
        | SMFIP_NR_EOH | SMFIP_NR_BODY);
    *zero2 = *zero3 = 0;
    return SMFIS_CONTINUE;
}

/* ---- typical: a header callback and one at the end, nothing else; libmilter switches off the steps without a callback ---- */
static sfsistat typical_header(SMFICTX *context, char *name, char *value) {
    if (strcasecmp(name, "Subject") == 0) {
        struct state *state = state_of(context);
        if (!state)
            return SMFIS_TEMPFAIL;
        keep_subject(state, value);
    }
    return SMFIS_CONTINUE;
}

static sfsistat typical_end(SMFICTX *context) {
    struct state *state = smfi_getpriv(context);
    bool has_subject = state && state->subject_length > 0;
    on_close(context);
    return smfi_addheader(context, "X-Checked", has_subject ? "ok" : "no subject") == MI_SUCCESS ? SMFIS_CONTINUE : SMFIS_TEMPFAIL;
}

static bool is(const char *name) { return strcmp(workload, name) == 0; }

int main(int argc, char **argv) {
    char *listen = "inet:9999@127.0.0.1";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--listen") == 0)
            listen = argv[i + 1];
        else if (strcmp(argv[i], "--workload") == 0)
            workload = argv[i + 1];
    }
    struct smfiDesc filter = { .xxfi_name = "bench", .xxfi_version = SMFI_VERSION, .xxfi_close = on_close };
    if (is("noop")) {
        filter.xxfi_eom = accept_eom;
    } else if (is("block-one")) {
        filter.xxfi_helo = block_helo;
        filter.xxfi_envrcpt = block_one_rcpt;
        filter.xxfi_eom = accept_eom;
    } else if (is("block-all")) {
        filter.xxfi_envrcpt = block_all_rcpt;
        filter.xxfi_eom = accept_eom;
    } else if (is("typical")) {
        filter.xxfi_flags = SMFIF_ADDHDRS;
        filter.xxfi_header = typical_header;
        filter.xxfi_eom = typical_end;
        filter.xxfi_abort = on_close;       /* a message that ends early: the state goes, as after EOM */
    } else if (is("inspect") || is("inspect-nr") || is("rewrite")) {
        bool rewrite = is("rewrite");
        quiet = is("inspect-nr");
        filter.xxfi_flags = rewrite ? SMFIF_CHGBODY | SMFIF_CHGHDRS | SMFIF_ADDRCPT : SMFIF_ADDHDRS;
        filter.xxfi_connect = on_connect;
        filter.xxfi_helo = on_helo;
        filter.xxfi_envfrom = on_mail;
        filter.xxfi_envrcpt = on_rcpt;
        filter.xxfi_header = on_header;
        filter.xxfi_eoh = on_eoh;
        filter.xxfi_body = rewrite ? copy_body : on_body;
        filter.xxfi_eom = rewrite ? rewritten : inspected;
        filter.xxfi_abort = on_abort;
        if (quiet)
            filter.xxfi_negotiate = waive_replies;
    } else {
        fprintf(stderr, "unknown workload %s\n", workload);
        return 64;
    }
    if (strncmp(listen, "unix:", 5) == 0)
        unlink(listen + 5);
    if (smfi_setconn(listen) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS) {
        fprintf(stderr, "cannot listen on %s\n", listen);
        return 78;
    }
    smfi_setbacklog(4096);
    return smfi_main();
}
