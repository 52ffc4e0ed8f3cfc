/*
 * The probe filter on libmilter: a milter that does what the mail passing through it says.
 * It is the reference that AttrMilter's own probe is held against; README.md says how.
 *
 *     cc -O1 -g -Wall -Wextra -o probe probe.c -lmilter -lpthread
 *     ./probe --listen unix:/tmp/probe.sock [--leading-space]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>
#include <unistd.h>

#include <libmilter/mfapi.h>

enum { MAX_LINES = 32 };                                    /* of a reply; libmilter's own limit too */
enum { MAY_ACCEPT = 1, MAY_DISCARD = 2, MAY_SKIP = 4 };     /* verdicts that a stage has beyond the refusals */
enum { OF_MESSAGE = MAY_ACCEPT | MAY_DISCARD };

static bool leading_space;

/* ---- memory ---------------------------------------------------------------------------------- */

static void *need(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

struct list {
    char **items;
    size_t count;
};

/* Takes over the string. */
static void push(struct list *list, char *item)
{
    list->items = need(realloc(list->items, (list->count + 1) * sizeof *list->items));
    list->items[list->count++] = item;
}

static void empty(struct list *list)
{
    while (list->count > 0)
        free(list->items[--list->count]);
    free(list->items);
    list->items = NULL;
}

static void set(char **place, char *value)
{
    free(*place);
    *place = value;
}

__attribute__((format(printf, 1, 2)))
static char *format(const char *form, ...)
{
    char *text;
    va_list args;

    va_start(args, form);
    if (vasprintf(&text, form, args) < 0)
        abort();
    va_end(args);
    return text;
}

/* ---- what is known of a session and of its message ------------------------------------------- */

/* What the MTA offered. It outlives the session (QUIT_NC brings the next one without a negotiation), and libmilter
 * does not say which close is the last: so it lives in a table, and the context points into that between sessions.
 * (libmilter logs that the private data is not NULL when the connection ends. Nothing is lost.) */
struct offer {
    unsigned long actions;
    bool skip;
};

static struct offer offers[SMFI_CURR_ACTS + 1][2];

struct message {
    char *from;
    struct list from_args, rcpts, actions;
    char *at_data, *at_eoh, *at_body, *at_eom;      /* verdict words, where one was named */
    unsigned long headers;
    unsigned long long body;
    uint32_t crc;
};

struct session {
    const struct offer *offer;
    char *host, *address, *port, *helo;
    const char *family;
    struct message message;
};

static bool is_offer(void *private)
{
    return (uintptr_t)private >= (uintptr_t)offers && (uintptr_t)private < (uintptr_t)offers + sizeof offers;
}

static struct session *session_of(SMFICTX *ctx)
{
    void *private = smfi_getpriv(ctx);
    struct session *session;

    if (private != NULL && !is_offer(private))
        return private;
    session = need(calloc(1, sizeof *session));
    session->offer = private != NULL ? private : &offers[0][0];
    session->family = "unknown";
    smfi_setpriv(ctx, session);
    return session;
}

static void forget_message(struct message *message)
{
    free(message->from);
    empty(&message->from_args);
    empty(&message->rcpts);
    empty(&message->actions);
    free(message->at_data);
    free(message->at_eoh);
    free(message->at_body);
    free(message->at_eom);
    memset(message, 0, sizeof *message);
}

/* ---- text ------------------------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static char *trimmed(const char *text)
{
    size_t length;

    while (is_blank(*text))
        text++;
    length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return need(strndup(text, length));
}

/* The text before the suffix; NULL where it does not end with it. */
static char *before(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);

    if (length < tail || strcmp(text + length - tail, suffix) != 0)
        return NULL;
    return need(strndup(text, length - tail));
}

static char *local_part(const char *address, const char *domain)
{
    size_t length;
    char *bare, *local;

    if (*address == '<')
        address++;
    length = strlen(address);
    if (length > 0 && address[length - 1] == '>')
        length--;
    bare = need(strndup(address, length));
    local = before(bare, domain);
    free(bare);
    return local;
}

static char *joined(const struct list *list)
{
    char *text = NULL;

    for (size_t i = 0; i < list->count; i++)
        set(&text, text == NULL ? need(strdup(list->items[i])) : format("%s,%s", text, list->items[i]));
    return text;
}

static const char *or_dash(const char *text)
{
    return text == NULL ? "-" : text;
}

/* Digits only: no sign, no blank; at most what an int holds. */
static bool number(const char *text, int *value)
{
    long long n = 0;

    if (text == NULL || *text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        n = n * 10 + (*text - '0');
        if (n > INT_MAX)
            return false;
    }
    *value = (int)n;
    return true;
}

static uint32_t crc_table[256];

static void fill_crc_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        crc_table[i] = c;
    }
}

static uint32_t crc32(uint32_t crc, const unsigned char *bytes, size_t length)
{
    crc = ~crc;
    while (length-- > 0)
        crc = crc_table[(crc ^ *bytes++) & 0xff] ^ crc >> 8;
    return ~crc;
}

/* ---- verdicts -------------------------------------------------------------------------------- */

/* Blanks for underscores, and each percent sign doubled: a reply is a format to the MTA. */
static char *reply_line(const char *text, size_t length)
{
    char *line = need(malloc(2 * length + 1)), *end = line;

    for (size_t i = 0; i < length; i++) {
        *end++ = text[i] == '_' ? ' ' : text[i];
        if (text[i] == '%')
            *end++ = '%';
    }
    *end = '\0';
    return line;
}

/* CODE:XCODE:TEXT. What libmilter refuses is not a reply. The text is set only when it is sent at once: libmilter
 * keeps one that is not, and a later refusal would go out with it. */
static sfsistat reply(SMFICTX *ctx, const char *fields)
{
    const char *code_end = strchr(fields, ':');
    const char *xcode_end = code_end == NULL ? NULL : strchr(code_end + 1, ':');
    char *lines[MAX_LINES + 1] = { NULL }, *code, *xcode;
    sfsistat verdict = SMFIS_CONTINUE;
    int count = 0, done = MI_FAILURE;

    if (xcode_end == NULL)
        return SMFIS_CONTINUE;
    code = need(strndup(fields, code_end - fields));
    xcode = need(strndup(code_end + 1, xcode_end - code_end - 1));
    for (const char *text = xcode_end + 1;; count++) {
        size_t length = strcspn(text, "|");

        if (count == MAX_LINES)
            goto out;
        lines[count] = reply_line(text, length);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }

    if (count == 0)
        done = smfi_setreply(ctx, code, *xcode == '\0' ? NULL : xcode, lines[0]);
    else
        done = smfi_setmlreply(ctx, code, *xcode == '\0' ? NULL : xcode,
            lines[0], lines[1], lines[2], lines[3], lines[4], lines[5], lines[6], lines[7],
            lines[8], lines[9], lines[10], lines[11], lines[12], lines[13], lines[14], lines[15],
            lines[16], lines[17], lines[18], lines[19], lines[20], lines[21], lines[22], lines[23],
            lines[24], lines[25], lines[26], lines[27], lines[28], lines[29], lines[30], lines[31],
            (char *)NULL);
    if (done == MI_SUCCESS)
        verdict = *code == '4' ? SMFIS_TEMPFAIL : SMFIS_REJECT;
out:
    for (int i = 0; i < MAX_LINES; i++)
        free(lines[i]);
    free(code);
    free(xcode);
    return verdict;
}

static sfsistat verdict(SMFICTX *ctx, const char *word, int allowed)
{
    if (word == NULL)
        return SMFIS_CONTINUE;
    if (strcmp(word, "reject") == 0)
        return SMFIS_REJECT;
    if (strcmp(word, "tempfail") == 0)
        return SMFIS_TEMPFAIL;
    if (strcmp(word, "accept") == 0 && (allowed & MAY_ACCEPT))
        return SMFIS_ACCEPT;
    if (strcmp(word, "discard") == 0 && (allowed & MAY_DISCARD))
        return SMFIS_DISCARD;
    if (strcmp(word, "skip") == 0 && (allowed & MAY_SKIP))
        return SMFIS_SKIP;
    if (strncmp(word, "reply:", 6) == 0)
        return reply(ctx, word + 6);
    return SMFIS_CONTINUE;
}

/* As above, and the word is used up. */
static sfsistat verdict_once(SMFICTX *ctx, char *word, int allowed)
{
    sfsistat result = verdict(ctx, word, allowed);

    free(word);
    return result;
}

/* ---- actions --------------------------------------------------------------------------------- */

struct run {
    SMFICTX *ctx;
    const struct session *session;
    const char *word;       /* the action's first */
};

static void add_header(struct run *run, char *name, char *value)
{
    smfi_addheader(run->ctx, name, value);
    free(value);
}

/* Whether the MTA offered it; where not, a header says what was left out. */
static bool may(struct run *run, unsigned long action)
{
    if (run->session->offer->actions & action)
        return true;
    if (run->session->offer->actions & SMFIF_ADDHDRS)
        smfi_addheader(run->ctx, "X-Probe-Refused", (char *)run->word);
    return false;
}

/* The next field, when more follows it. */
static char *field(char **rest)
{
    char *start = *rest, *space = start == NULL ? NULL : strchr(start, ' ');

    if (space == NULL)
        return NULL;
    *space = '\0';
    *rest = space + 1;
    return start;
}

static bool given(const char *text)
{
    return text != NULL && *text != '\0';
}

static void do_add(struct run *run, char *rest)
{
    char *name = field(&rest);

    if (given(name) && may(run, SMFIF_ADDHDRS))
        smfi_addheader(run->ctx, name, rest);
}

static void do_insert(struct run *run, char *rest)
{
    char *index = field(&rest), *name = field(&rest);
    int n;

    if (number(index, &n) && given(name) && may(run, SMFIF_ADDHDRS))
        smfi_insheader(run->ctx, n, name, rest);
}

static void do_change(struct run *run, char *rest)
{
    char *name = field(&rest), *occurrence = field(&rest);
    int n;

    if (given(name) && number(occurrence, &n) && may(run, SMFIF_CHGHDRS))
        smfi_chgheader(run->ctx, name, n, rest);
}

static void do_delete(struct run *run, char *rest)
{
    char *name = field(&rest);
    int n;

    if (given(name) && number(rest, &n) && may(run, SMFIF_CHGHDRS))
        smfi_chgheader(run->ctx, name, n, NULL);
}

static void do_addrcpt(struct run *run, char *rest)
{
    if (given(rest) && may(run, SMFIF_ADDRCPT))
        smfi_addrcpt(run->ctx, rest);
}

static void do_addrcptpar(struct run *run, char *rest)
{
    char *address = field(&rest);

    if (given(address) && may(run, SMFIF_ADDRCPT_PAR))
        smfi_addrcpt_par(run->ctx, address, rest);
}

static void do_delrcpt(struct run *run, char *rest)
{
    if (given(rest) && may(run, SMFIF_DELRCPT))
        smfi_delrcpt(run->ctx, rest);
}

static void do_chgfrom(struct run *run, char *rest)
{
    char *address = field(&rest), *args = address == NULL ? NULL : rest;

    if (address == NULL)
        address = rest;
    if (given(address) && may(run, SMFIF_CHGFROM))
        smfi_chgfrom(run->ctx, address, args);
}

static void do_body(struct run *run, char *rest)
{
    char *line;

    if (!given(rest) || !may(run, SMFIF_CHGBODY))
        return;
    line = format("%s\r\n", rest);
    smfi_replacebody(run->ctx, (unsigned char *)line, (int)strlen(line));
    free(line);
}

static void do_bigbody(struct run *run, char *rest)
{
    static const char line[] = "0123456789abcdef\r\n";
    unsigned char *chunk;
    int length, sent = 0;

    if (!number(rest, &length) || !may(run, SMFIF_CHGBODY))
        return;
    chunk = need(malloc(MILTER_CHUNK_SIZE));
    do {
        int part = length - sent < MILTER_CHUNK_SIZE ? length - sent : MILTER_CHUNK_SIZE;

        for (int i = 0; i < part; i++)
            chunk[i] = line[(sent + i) % (sizeof line - 1)];
        if (smfi_replacebody(run->ctx, chunk, part) != MI_SUCCESS)
            break;
        sent += part;
    } while (sent < length);
    free(chunk);
}

static void do_quarantine(struct run *run, char *rest)
{
    if (given(rest) && may(run, SMFIF_QUARANTINE))
        smfi_quarantine(run->ctx, rest);
}

static void do_progress(struct run *run, char *rest)
{
    if (rest == NULL)
        smfi_progress(run->ctx);
}

static void do_macro(struct run *run, char *rest)
{
    char *value;

    if (!given(rest) || !may(run, SMFIF_ADDHDRS))
        return;
    value = smfi_getsymval(run->ctx, rest);
    add_header(run, "X-Probe-Macro", value == NULL ? need(strdup(rest)) : format("%s=%s", rest, value));
}

static void do_echo(struct run *run, char *rest)
{
    const struct session *session = run->session;
    const struct message *message = &session->message;
    char *args, *rcpts;

    if (rest != NULL || !may(run, SMFIF_ADDHDRS))
        return;
    args = joined(&message->from_args);
    rcpts = joined(&message->rcpts);
    add_header(run, "X-Probe-Seen",
        format("host=%s family=%s addr=%s port=%s helo=%s from=%s fromargs=%s rcpts=%s headers=%lu body=%llu crc=%08x",
            or_dash(session->host), session->family, or_dash(session->address), or_dash(session->port),
            or_dash(session->helo), or_dash(message->from), or_dash(args), or_dash(rcpts),
            message->headers, message->body, (unsigned)message->crc));
    free(args);
    free(rcpts);
}

static const struct {
    const char *word;
    void (*carry_out)(struct run *, char *rest);    /* rest is NULL where the word stands alone */
} actions[] = {
    { "add", do_add }, { "insert", do_insert }, { "change", do_change }, { "delete", do_delete },
    { "addrcpt", do_addrcpt }, { "addrcptpar", do_addrcptpar }, { "delrcpt", do_delrcpt },
    { "chgfrom", do_chgfrom }, { "body", do_body }, { "bigbody", do_bigbody },
    { "quarantine", do_quarantine }, { "progress", do_progress }, { "macro", do_macro }, { "echo", do_echo },
};

static void carry_out(SMFICTX *ctx, const struct session *session, char *action)
{
    char *rest = action, *first = field(&rest);
    struct run run = { ctx, session, first == NULL ? action : first };

    if (first == NULL)
        rest = NULL;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(run.word, actions[i].word) == 0)
            actions[i].carry_out(&run, rest);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps, unsigned long f2,
    unsigned long f3, unsigned long *wanted_actions, unsigned long *wanted_steps, unsigned long *w2, unsigned long *w3)
{
    (void)f2, (void)f3;
    *wanted_actions = actions & SMFI_CURR_ACTS;
    *wanted_steps = steps & (SMFIP_SKIP | (leading_space ? SMFIP_HDR_LEADSPC : 0));
    *w2 = *w3 = 0;
    smfi_setpriv(ctx, &offers[*wanted_actions][(steps & SMFIP_SKIP) != 0]);
    return SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *peer)
{
    struct session *session = session_of(ctx);
    char text[INET6_ADDRSTRLEN] = "";

    set(&session->host, need(strdup(host)));
    set(&session->address, NULL);
    set(&session->port, NULL);
    session->family = "unknown";
    if (peer != NULL && peer->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, peer, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
        session->family = "inet";
        set(&session->address, need(strdup(text)));
        set(&session->port, format("%u", ntohs(in.sin_port)));
    } else if (peer != NULL && peer->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, peer, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
        session->family = "inet6";
        set(&session->address, need(strdup(text)));
        set(&session->port, format("%u", ntohs(in6.sin6_port)));
    } else if (peer != NULL && peer->sa_family == AF_UNIX) {
        session->family = "unix";
        set(&session->address, need(strdup(((struct sockaddr_un *)(void *)peer)->sun_path)));
    }
    return verdict_once(ctx, before(host, ".connect.probe.test"), MAY_ACCEPT);
}

static sfsistat on_helo(SMFICTX *ctx, char *name)
{
    set(&session_of(ctx)->helo, need(strdup(name)));
    return verdict_once(ctx, before(name, ".helo.probe.test"), MAY_ACCEPT);
}

static sfsistat on_mail(SMFICTX *ctx, char **argv)
{
    struct message *message = &session_of(ctx)->message;

    forget_message(message);
    message->from = need(strdup(argv[0]));
    for (char **arg = argv + 1; *arg != NULL; arg++) {
        push(&message->from_args, need(strdup(*arg)));
        if (strncmp(*arg, "XDATA=", 6) == 0)
            set(&message->at_data, need(strdup(*arg + 6)));
    }
    return verdict_once(ctx, local_part(argv[0], "@mail.probe.test"), OF_MESSAGE);
}

static sfsistat on_rcpt(SMFICTX *ctx, char **argv)
{
    push(&session_of(ctx)->message.rcpts, need(strdup(argv[0])));
    return verdict_once(ctx, local_part(argv[0], "@rcpt.probe.test"), OF_MESSAGE);
}

static sfsistat on_data(SMFICTX *ctx)
{
    return verdict(ctx, session_of(ctx)->message.at_data, OF_MESSAGE);
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
    struct message *message = &session_of(ctx)->message;
    sfsistat result = SMFIS_CONTINUE;
    char *text = trimmed(value);

    message->headers++;
    if (strcasecmp(name, "X-Probe-Do") == 0) {
        push(&message->actions, text);
        return result;
    }
    if (strcasecmp(name, "X-Probe-Verdict") == 0) {
        if (strncmp(text, "header=", 7) == 0)
            result = verdict(ctx, text + 7, OF_MESSAGE);
        else if (strncmp(text, "eoh=", 4) == 0)
            set(&message->at_eoh, need(strdup(text + 4)));
        else if (strncmp(text, "body=", 5) == 0)
            set(&message->at_body, need(strdup(text + 5)));
        else if (strncmp(text, "eom=", 4) == 0)
            set(&message->at_eom, need(strdup(text + 4)));
    }
    free(text);
    return result;
}

static sfsistat on_eoh(SMFICTX *ctx)
{
    return verdict(ctx, session_of(ctx)->message.at_eoh, OF_MESSAGE);
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *chunk, size_t length)
{
    struct session *session = session_of(ctx);
    struct message *message = &session->message;

    message->body += length;
    message->crc = crc32(message->crc, chunk, length);
    return verdict(ctx, message->at_body, OF_MESSAGE | (session->offer->skip ? MAY_SKIP : 0));
}

static sfsistat on_eom(SMFICTX *ctx)
{
    struct session *session = session_of(ctx);
    struct message *message = &session->message;
    sfsistat result;

    for (size_t i = 0; i < message->actions.count; i++)
        carry_out(ctx, session, message->actions.items[i]);
    result = verdict(ctx, message->at_eom, OF_MESSAGE);
    forget_message(message);
    return result;
}

static sfsistat on_abort(SMFICTX *ctx)
{
    forget_message(&session_of(ctx)->message);
    return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *ctx)
{
    void *private = smfi_getpriv(ctx);
    struct session *session = private;

    if (private == NULL || is_offer(private))
        return SMFIS_CONTINUE;
    forget_message(&session->message);
    free(session->host);
    free(session->address);
    free(session->port);
    free(session->helo);
    smfi_setpriv(ctx, (void *)session->offer);
    free(session);
    return SMFIS_CONTINUE;
}

static sfsistat on_unknown(SMFICTX *ctx, const char *command)
{
    return strncmp(command, "PROBE ", 6) == 0 ? verdict(ctx, command + 6, 0) : SMFIS_CONTINUE;
}

/* ---- the program ----------------------------------------------------------------------------- */

/* libmilter's signal thread waits here, and would take seconds to stop, with sessions left unanswered. This one takes
 * its place (the linker prefers the program's own) and ends the process at once. */
int sigwait(const sigset_t *restrict signals, int *restrict received)
{
    *received = sigwaitinfo(signals, NULL);
    if (*received > 0)
        _exit(0);
    return -1;
}

int main(int argc, char **argv)
{
    static struct smfiDesc description = {
        "probe", SMFI_VERSION, 0,
        on_connect, on_helo, on_mail, on_rcpt, on_header, on_eoh, on_body, on_eom, on_abort, on_close,
        on_unknown, on_data, on_negotiate,
    };
    char *listen = NULL;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--leading-space") == 0) {
            leading_space = true;
        } else if (strcmp(argv[i], "--listen") == 0 && i + 1 < argc) {
            listen = argv[++i];
        } else {
            listen = NULL;
            break;
        }
    }
    if (listen == NULL) {
        fprintf(stderr, "usage: probe --listen SPEC [--leading-space]\n");
        return 2;
    }
    for (unsigned long actions = 0; actions <= SMFI_CURR_ACTS; actions++)
        for (int skip = 0; skip < 2; skip++)
            offers[actions][skip] = (struct offer){ actions, skip };
    fill_crc_table();
    if (smfi_register(description) != MI_SUCCESS || smfi_setconn(listen) != MI_SUCCESS
        || smfi_opensocket(true) != MI_SUCCESS) {
        fprintf(stderr, "probe: cannot listen on %s\n", listen);
        return 1;
    }
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
