#include "load.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FOOTER "-- \r\nchecked by the bench filter\r\n"
#define SUBJECT_PREFIX "[CHK] "
#define ADDED_RECIPIENT "<extra@example.net>"

struct message message = { .subject = "Minutes of the meeting on Thursday" };

static const struct { const char *name, *value; } fields[] = {
    { "Received", "from relay.example.org (relay.example.org [198.51.100.7])\n\tby mx.example.net with ESMTPS id 4D5C6B7A\n\tfor <user0@example.net>; Mon, 2 Mar 2026 09:30:02 +0000" },
    { "Received", "from desk.example.org (desk.example.org [198.51.100.99])\n\tby relay.example.org with ESMTPSA id 1A2B3C4D; Mon, 2 Mar 2026 09:30:01 +0000" },
    { "Date", "Mon, 2 Mar 2026 09:30:00 +0000" },
    { "From", "Some Writer <writer@example.org>" },
    { "To", "Some Reader <user0@example.net>" },
    { "Message-ID", "<20260302093000.4711@desk.example.org>" },
    { "Subject", NULL },
    { "MIME-Version", "1.0" },
    { "Content-Type", "text/plain; charset=us-ascii" },
    { "Content-Transfer-Encoding", "7bit" },
    { "User-Agent", "bench load" },
    { "Reply-To", "<writer@example.org>" },
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

void message_header(int index, char *name, size_t name_size, const char **value) {
    const char *text = fields[index % FIELDS].value;
    *value = text ? text : message.subject;
    if (index < FIELDS)
        snprintf(name, name_size, "%s", fields[index].name);
    else
        snprintf(name, name_size, "X-Filler-%d", index);    /* one Subject only, whatever the number of headers */
}

static size_t without_cr(const char *from, size_t length, char *to) {
    size_t out = 0;
    for (size_t i = 0; i < length; i++)
        if (!(from[i] == '\r' && i + 1 < length && from[i + 1] == '\n'))
            to[out++] = from[i];
    return out;
}

void message_make(void) {
    size_t length = message.body_length = options.size, footer = strlen(FOOTER);
    char *body = message.body = malloc(length + 2);
    message.new_body = malloc(length + footer);
    message.new_body_lf = malloc(length + footer);
    if (!body || !message.new_body || !message.new_body_lf)
        fail("no memory for a body of %zu bytes", length);

    /* Lines of 70 letters, all different, so that a body whose parts were exchanged is seen. */
    uint32_t seed = 1;
    for (size_t i = 0; i < length; i++) {
        size_t column = i % 72;
        seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
        body[i] = column == 70 ? '\r' : column == 71 ? '\n' : (char)('a' + seed % 26);
    }
    if (length >= 2)
        memcpy(body + length - 2, "\r\n", 2);

    message.new_body_length = length + footer;
    memcpy(message.new_body, body, length);
    memcpy(message.new_body + length, FOOTER, footer);
    message.new_body_lf_length = without_cr(message.new_body, message.new_body_length, message.new_body_lf);
    bool has_subject = options.headers > 6;
    snprintf(message.checked, sizeof message.checked, "h=%d b=%zu s=%zu", options.headers, length, has_subject ? strlen(message.subject) : 0);
    snprintf(message.new_subject, sizeof message.new_subject, SUBJECT_PREFIX "%s", has_subject ? message.subject : "");
}

/* "name NUL value NUL", with or without the space that stands after the colon. */
static bool field_is(const char *data, size_t length, const char *name, const char *value) {
    const char *end = memchr(data, 0, length);
    if (!end || strcasecmp(data, name) != 0 || data[length - 1] != 0)
        return false;
    const char *given = end + 1;
    if (given >= data + length)
        return false;
    return strcmp(*given == ' ' ? given + 1 : given, value) == 0;
}

static bool body_goes_on(struct edits *edits, const char *data, size_t length) {
    if (!edits->lf && length <= message.new_body_length - edits->body && memcmp(message.new_body + edits->body, data, length) == 0) {
        edits->body += length;
        return true;
    }
    if ((edits->lf || edits->body == 0) && length <= message.new_body_lf_length - edits->body
        && memcmp(message.new_body_lf + edits->body, data, length) == 0) {
        edits->lf = true;
        edits->body += length;
        return true;
    }
    return false;
}

bool edits_take(struct edits *edits, char action, const char *data, size_t length, char *why, size_t why_size) {
    uint32_t index = 0;
    if (action == 'm' || action == 'i') {
        if (length < 4)
            goto wrong;
        memcpy(&index, data, 4);
        index = ntohl(index);
        data += 4;
        length -= 4;
    }
    switch (action) {
    case 'h':
    case 'i':
        if (options.workload == INSPECT || options.workload == TYPICAL) {
            if (!field_is(data, length, "X-Checked", options.workload == TYPICAL ? "ok" : message.checked))
                goto wrong;
            edits->checked++;
            return true;
        }
        break;
    case 'm':
        if (options.workload == REWRITE && index == 1 && field_is(data, length, "Subject", message.new_subject)) {
            edits->subject++;
            return true;
        }
        break;
    case '+':
        if (options.workload == REWRITE && length == sizeof ADDED_RECIPIENT && memcmp(data, ADDED_RECIPIENT, length) == 0) {
            edits->recipient++;
            return true;
        }
        break;
    case 'b':
        if (options.workload == REWRITE && length <= BODY_CHUNK && body_goes_on(edits, data, length))
            return true;
        break;
    }
wrong:
    edits->wrong = true;
    snprintf(why, why_size, "action %c of %zu bytes is not what the workload says (%.60s)", action, length, length ? data : "");
    return false;
}

bool edits_complete(const struct edits *edits, char verdict, char *why, size_t why_size) {
    bool checked = options.workload == INSPECT || options.workload == TYPICAL, rewritten = options.workload == REWRITE;
    char wanted = options.workload == NOOP || options.workload == BLOCK ? 'a' : 'c';
    size_t body = edits->lf ? message.new_body_lf_length : message.new_body_length;
    if (!edits->wrong && verdict == wanted && edits->checked == checked && edits->subject == rewritten && edits->recipient == rewritten
        && edits->body == (rewritten ? body : 0))
        return true;
    snprintf(why, why_size, "message ended with %c (wanted %c), X-Checked %d, Subject %d, recipient %d, body %zu bytes", verdict, wanted,
        edits->checked, edits->subject, edits->recipient, edits->body);
    return false;
}
