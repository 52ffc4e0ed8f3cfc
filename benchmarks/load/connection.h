/* One connection, as the files see it that drive it. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "load.h"

enum state { CLOSED, REFUSED, NEGOTIATING, RUNNING, FINISHED };
struct connection {
    int fd;
    enum state state;
    bool counted, slow, reads_slowly, special, wants_write;
    const struct script *script;
    const struct stream *stream;
    size_t turn, piece, sent;       /* where the next byte is: turn of the stream, piece of the turn, byte of the piece */
    uint64_t began;
    long messages;
    struct edits edits;
    unsigned char *in;              /* an answer that has not come whole */
    size_t in_length, in_capacity;
    struct connection *next_refused;
};

/* ---- socket.c ---- */
void address_parse(const char *spec);
int dial(void);                         /* a socket that connects; -1 with errno */

/* ---- connection.c: bytes out and in ---- */
void poller_make(void);
int poller_wait(struct connection **ready, uint32_t *events, int most, int timeout_ms);
void open_connection(struct connection *connection);
void dial_again(void);                  /* those whose connect was put off by a full backlog */
bool any_refused(void);
void broken(struct connection *connection);
void watch_again(struct connection *connection);     /* what is waited for may have changed */
void begin_turn(struct connection *connection, size_t turn);
void send_turn(struct connection *connection, bool slow_may);
void say_goodbye(struct connection *connection);
void writable(struct connection *connection);
void receive(struct connection *connection);

/* ---- dialogue.c: what an answer means ---- */
bool take(struct connection *connection, char command, const unsigned char *data, size_t length);

#endif
