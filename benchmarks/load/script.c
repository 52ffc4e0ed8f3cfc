#include "load.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* How the two MTAs write, as captured from Postfix 3.7.11 and Sendmail 8.17.1:
 *   Postfix   a macro packet before every command, each header and body chunk included, also before commands that the filter switched off. All goes into
 *             a buffer that is written when a reply is wanted, so steps whose reply is waived travel with the next one that has a reply. After a message
 *             comes ABORT, which travels with the next message.
 *   Sendmail  a write for each packet; macros for CONNECT, HELO, MAIL, RCPT and EOM only; no ABORT after a message. */

static void *grown(void *old, size_t *capacity, size_t wanted, size_t size) {
    if (wanted <= *capacity)
        return old;
    *capacity = wanted * 2 + 64;
    void *new = realloc(old, *capacity * size);
    if (!new)
        fail("out of memory");
    return new;
}

static void append(struct stream *stream, const void *data, size_t length) {
    stream->bytes = grown(stream->bytes, &stream->capacity, stream->length + length, 1);
    if (length)
        memcpy(stream->bytes + stream->length, data, length);
    stream->length += length;
}

static void close_piece(struct stream *stream) {
    if (stream->length == stream->open_piece)
        return;
    stream->pieces = grown(stream->pieces, &stream->piece_capacity, stream->piece_count + 1, sizeof *stream->pieces);
    stream->pieces[stream->piece_count++] = (struct piece){ stream->open_piece, stream->length - stream->open_piece };
    stream->open_piece = stream->length;
}

static void packet(struct stream *stream, char command, const void *data, size_t length) {
    uint32_t size = htonl((uint32_t)length + 1);
    append(stream, &size, 4);
    append(stream, &command, 1);
    append(stream, data, length);
    if (options.mta == SENDMAIL)
        close_piece(stream);
}

/* Strings with their NULs, up to a null pointer; `lead` is a byte before them, or -1. */
static void packet_of_strings(struct stream *stream, char command, int lead, const char *const *strings) {
    char text[2048];
    size_t length = 0;
    if (lead >= 0)
        text[length++] = (char)lead;
    for (; *strings; strings++) {
        size_t size = strlen(*strings) + 1;
        if (length + size > sizeof text)
            fail("strings of command %c are too long", command);
        memcpy(text + length, *strings, size);
        length += size;
    }
    packet(stream, command, text, length);
}

#define STRINGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define QUEUE_ID "i", "4D5C6B7A8Z"

static void macros(struct stream *stream, char step, const char *const *pairs) {
    packet_of_strings(stream, 'D', step, pairs);
}

static void postfix_macros(struct stream *stream, char step) {
    if (options.mta == POSTFIX)
        macros(stream, step, STRINGS(QUEUE_ID));
}

static void step_done(struct stream *stream, char step, bool waits) {
    if (!waits)
        return;
    close_piece(stream);
    stream->turns = grown(stream->turns, &stream->turn_capacity, stream->turn_count + 1, sizeof *stream->turns);
    stream->turns[stream->turn_count++] = (struct turn){ stream->turn_piece, stream->piece_count - stream->turn_piece, step };
    stream->turn_piece = stream->piece_count;
}

static void connection_steps(struct stream *stream, uint32_t steps, bool special) {
    macros(stream, 'C', STRINGS("j", "mx.example.net", "{daemon_name}", "mx.example.net", "{daemon_addr}", "127.0.0.1", "v", "Postfix 3.7.11",
        "_", "relay.example.org [198.51.100.7]"));
    if (!(steps & NO_CONNECT)) {
        static const char connect[] = "relay.example.org\0" "4" "\xc3\x50" "198.51.100.7";
        packet(stream, 'C', connect, sizeof connect);
        step_done(stream, 'C', !(steps & NR_CONNECT));
    }
    if (options.mta == SENDMAIL)
        macros(stream, 'H', STRINGS("{tls_version}", ""));
    if (!(steps & NO_HELO)) {
        packet_of_strings(stream, 'H', -1, STRINGS(special ? SPECIAL_HELO : "relay.example.org"));
        step_done(stream, 'H', !(steps & NR_HELO));
    }
    stream->connection_turns = stream->turn_count;
}

static void envelope(struct stream *stream, uint32_t steps) {
    macros(stream, 'M', STRINGS("{mail_addr}", "writer@example.org", "{mail_host}", "example.org", "{mail_mailer}", "smtp"));
    if (!(steps & NO_MAIL)) {
        packet_of_strings(stream, 'M', -1, STRINGS("<writer@example.org>", "SIZE=4096"));
        step_done(stream, 'M', !(steps & NR_MAIL));
    }
    for (int i = 0; i < options.recipients; i++) {
        char bare[48], address[50];
        snprintf(bare, sizeof bare, "user%d@example.net", i);
        snprintf(address, sizeof address, "<%s>", bare);
        macros(stream, 'R', STRINGS(QUEUE_ID, "{rcpt_addr}", bare, "{rcpt_host}", "example.net", "{rcpt_mailer}", "smtp"));
        if (!(steps & NO_RCPT)) {
            packet_of_strings(stream, 'R', -1, STRINGS(address));
            step_done(stream, 'R', !(steps & NR_RCPT));
        }
    }
    postfix_macros(stream, 'T');
    if (!(steps & NO_DATA)) {
        packet(stream, 'T', NULL, 0);
        step_done(stream, 'T', !(steps & NR_DATA));
    }
}

static void content(struct stream *stream, uint32_t steps) {
    for (int i = 0; i < options.headers && !(steps & NO_HEADERS); i++) {
        char name[40], text[512];
        const char *value;
        message_header(i, name, sizeof name, &value);
        snprintf(text, sizeof text, "%s%s", steps & LEADING_SPACE ? " " : "", value);
        postfix_macros(stream, 'L');
        packet_of_strings(stream, 'L', -1, STRINGS(name, text));
        step_done(stream, 'L', !(steps & NR_HEADER));
    }
    postfix_macros(stream, 'N');
    if (!(steps & NO_EOH)) {
        packet(stream, 'N', NULL, 0);
        step_done(stream, 'N', !(steps & NR_EOH));
    }
    for (size_t at = 0; at < message.body_length && !(steps & NO_BODY); at += BODY_CHUNK) {
        size_t left = message.body_length - at;
        postfix_macros(stream, 'B');
        packet(stream, 'B', message.body + at, left < BODY_CHUNK ? left : BODY_CHUNK);
        step_done(stream, 'B', !(steps & NR_BODY));
    }
    macros(stream, 'E', STRINGS(QUEUE_ID));
    packet(stream, 'E', NULL, 0);
    step_done(stream, 'E', true);
}

static struct script *scripts;

struct script *script_for(uint32_t version, uint32_t steps, bool special) {
    if (version < 4)
        steps |= NO_DATA;
    for (struct script *known = scripts; known; known = known->other)
        if (known->version == version && known->steps == steps && known->special == special)
            return known;
    struct script *script = calloc(1, sizeof *script);
    if (!script)
        fail("out of memory");
    *script = (struct script){ .version = version, .steps = steps, .special = special, .other = scripts };
    connection_steps(&script->first, steps, special);
    envelope(&script->first, steps);
    content(&script->first, steps);
    if (options.mta == POSTFIX)
        packet(&script->next, 'A', NULL, 0);
    envelope(&script->next, steps);
    content(&script->next, steps);
    return scripts = script;
}
