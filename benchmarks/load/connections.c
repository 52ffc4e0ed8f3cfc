/* All connections together: who is measured, who is slow, when each has its turn. */
#include "connection.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static struct connection *connections;
static int count, slow_from;
static uint64_t slow_next;
static int slow_turn;

void connections_open(int count_measured, int count_special, int count_slow) {
    address_parse(options.listen);
    poller_make();
    count = count_measured + count_special + count_slow;
    slow_from = count - count_slow;
    connections = calloc((size_t)count, sizeof *connections);
    if (!connections)
        fail("out of memory");
    for (int i = 0; i < count; i++) {
        struct connection *connection = &connections[i];
        connection->counted = i < count_measured;
        connection->special = !connection->counted && i < slow_from;
        connection->slow = i >= slow_from && !options.slow_readers;
        connection->reads_slowly = i >= slow_from && options.slow_readers;
        open_connection(connection);
    }
}

/* The slow ones are spread over slow_ms: each has its moment, when it may send one byte, or read some. */
static void feed_slow(void) {
    if (slow_from == count)
        return;
    uint64_t time = now(), apart = (uint64_t)options.slow_ms * 1000000 / (uint64_t)(count - slow_from);
    if (slow_next == 0)
        slow_next = time;
    if (time - slow_next > (uint64_t)options.slow_ms * 1000000 && time > slow_next)
        slow_next = time;       /* this program was away for a whole round: no burst to make up for it */
    for (; slow_next <= time; slow_next += apart) {
        struct connection *connection = &connections[slow_from + slow_turn];
        slow_turn = (slow_turn + 1) % (count - slow_from);
        if (connection->state != RUNNING)
            continue;
        if (connection->reads_slowly)
            receive(connection);
        else
            send_turn(connection, true);
    }
}

void connections_poll(int timeout_ms) {
    struct connection *ready[256];
    uint32_t events[256];
    int got = poller_wait(ready, events, 256, any_refused() || slow_from < count ? 1 : timeout_ms);
    for (int i = 0; i < got; i++) {
        int fd = ready[i]->fd;
        if (events[i] & EPOLLOUT)
            writable(ready[i]);
        if (events[i] & (EPOLLIN | EPOLLHUP | EPOLLERR) && ready[i]->fd == fd && fd >= 0)
            receive(ready[i]);
    }
    feed_slow();
    dial_again();
}

int connections_busy(void) {
    int waiting = 0;
    for (int i = 0; i < slow_from; i++)
        waiting += connections[i].counted && (connections[i].state == RUNNING || connections[i].state == NEGOTIATING);
    return waiting;
}

int connections_ready(void) {
    int ready = 0;
    for (int i = 0; i < count; i++) {
        struct connection *connection = &connections[i];
        if (connection->state == RUNNING)
            ready += options.hold == HOLD_NEGOTIATED || connection->turn >= connection->stream->connection_turns;
    }
    return ready;
}

const struct script *connections_script(void) {
    for (int i = 0; i < count; i++)
        if (connections[i].script)
            return connections[i].script;
    return NULL;
}

/* For connections that are held: has the filter let one go? */
int connections_closed_by_filter(void) {
    int closed = 0;
    for (int i = 0; i < count; i++) {
        char byte;
        closed += connections[i].fd < 0 || recv(connections[i].fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }
    return closed;
}

void connections_close(void) {
    for (int i = 0; i < count; i++)
        if (connections[i].fd >= 0)
            say_goodbye(&connections[i]);
}
