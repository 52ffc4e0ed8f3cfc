/* The MTA's side of the milter protocol as a load generator: what its files share. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The bits of SMFIP_* that this program acts on; a filter sets them in its reply to OPTNEG. */
enum {
    NO_CONNECT = 0x1, NO_HELO = 0x2, NO_MAIL = 0x4, NO_RCPT = 0x8, NO_BODY = 0x10, NO_HEADERS = 0x20, NO_EOH = 0x40,
    NR_HEADER = 0x80, NO_DATA = 0x200, CAN_SKIP = 0x400, NR_CONNECT = 0x1000, NR_HELO = 0x2000,
    NR_MAIL = 0x4000, NR_RCPT = 0x8000, NR_DATA = 0x10000, NR_EOH = 0x40000, NR_BODY = 0x80000, LEADING_SPACE = 0x100000,
};

enum { BODY_CHUNK = 65535 };
enum workload { NOOP, INSPECT, REWRITE, TYPICAL, BLOCK };
enum mta { POSTFIX, SENDMAIL };
enum hold { HOLD_NONE, HOLD_NEGOTIATED, HOLD_HELO };      /* where connections stop that are only held */

struct options {
    const char *listen;
    enum workload workload;
    enum mta mta;
    enum hold hold;
    int connections;        /* measured ones */
    int special;            /* more, not measured, that say HELO with SPECIAL_HELO */
    int slow;               /* more, not measured, that send one byte every slow_ms */
    int slow_ms;
    bool slow_readers;      /* they send at once, and read slowly */
    int headers, recipients;
    size_t size;            /* of the body */
    long per_connection;    /* messages before it is closed and opened again; 0: kept */
    long messages;          /* measured messages after which the run ends early; 0: none */
    double warmup, duration, drain;
};
extern struct options options;

#define SPECIAL_HELO "blocked.example.com"

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t now(void);         /* monotonic, ns */

/* ---- message.c: the one message that is sent again and again, and what must come back ---- */
struct message {
    char *body;
    size_t body_length;
    const char *subject;
    char checked[96];               /* value of X-Checked for INSPECT */
    char new_subject[96];
    char *new_body, *new_body_lf;   /* for REWRITE; the second as libraries send it that turn CRLF into LF */
    size_t new_body_length, new_body_lf_length;
};
extern struct message message;
void message_make(void);
void message_header(int index, char *name, size_t name_size, const char **value);

/* What has come back at EOM of one message so far. */
struct edits {
    int checked, subject, recipient;
    size_t body;
    bool lf, wrong;
};
/* Both say false, with a text in `why`, where the filter did not do what the workload says. */
bool edits_take(struct edits *edits, char action, const char *data, size_t length, char *why, size_t why_size);
bool edits_complete(const struct edits *edits, char verdict, char *why, size_t why_size);

/* ---- script.c: the packets of a connection, ready to be written ---- */
struct piece { size_t offset, length; };                     /* goes out in one write */
struct turn { size_t first_piece, pieces; char step; };      /* ends with the one packet that has a reply */
struct stream {
    unsigned char *bytes;
    size_t length, capacity, open_piece;
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    struct turn *turns;
    size_t turn_count, turn_capacity, turn_piece;
    size_t connection_turns;                                 /* those of CONNECT and HELO */
};
struct script {
    uint32_t version, steps;
    bool special;
    struct stream first, next;      /* connection and its first message; each message after that */
    struct script *other;
};
struct script *script_for(uint32_t version, uint32_t steps, bool special);

/* ---- histogram.c ---- */
enum { SUB_BITS = 6, BUCKETS = (64 - SUB_BITS) << SUB_BITS };
struct histogram { uint64_t count[BUCKETS], total, largest; };
void histogram_add(struct histogram *histogram, uint64_t value);
double histogram_quantile(const struct histogram *histogram, double quantile);

/* ---- connection.c, connections.c ---- */
struct totals {
    uint64_t right, measured, others, bytes_in, bytes_out, connections, errors, lf_bodies;
    char first_error[200];
    struct histogram latency;
};
extern struct totals totals;
extern bool measuring, ending;

void connections_open(int count_measured, int count_special, int count_slow);
void connections_poll(int timeout_ms);
int connections_busy(void);         /* measured connections that wait for an answer */
int connections_ready(void);        /* those that have got to options.hold */
int connections_closed_by_filter(void);
const struct script *connections_script(void);
void connections_close(void);
void note_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
