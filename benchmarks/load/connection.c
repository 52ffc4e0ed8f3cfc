#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_ERRORS = 1000, SLOW_READ = 16 * 1024 };

struct totals totals;
bool measuring, ending;

static struct connection *refused;
static int poller = -1;

void note_error(const char *format, ...) {
    if (totals.errors++ == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(totals.first_error, sizeof totals.first_error, format, arguments);
        va_end(arguments);
    }
}

void poller_make(void) {
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (poller < 0)
        fail("epoll_create1: %s", strerror(errno));
}

int poller_wait(struct connection **ready, uint32_t *events, int most, int timeout_ms) {
    struct epoll_event found[256];
    int got = epoll_wait(poller, found, most < 256 ? most : 256, timeout_ms);
    for (int i = 0; i < got; i++) {
        ready[i] = found[i].data.ptr;
        events[i] = found[i].events;
    }
    return got;
}

static void watch(struct connection *connection, bool writing, bool new) {
    if (!new && connection->wants_write == writing)
        return;
    /* Whoever reads slowly does so when its time has come, not when there is something to read. */
    uint32_t reading = connection->reads_slowly && connection->state == RUNNING ? 0 : EPOLLIN;
    struct epoll_event event = { .events = reading | (writing ? EPOLLOUT : 0), .data.ptr = connection };
    if (epoll_ctl(poller, new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection->fd, &event) != 0)
        fail("epoll_ctl: %s", strerror(errno));
    connection->wants_write = writing;
}

void watch_again(struct connection *connection) {
    connection->wants_write = !connection->wants_write;
    watch(connection, !connection->wants_write, false);
}

static void shut(struct connection *connection, enum state state) {
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
    connection->state = state;
    connection->in_length = 0;
}

void broken(struct connection *connection) {
    shut(connection, CLOSED);
    if (totals.errors >= MOST_ERRORS)
        fail("%d errors, the first: %s", MOST_ERRORS, totals.first_error);
    if (!ending)
        open_connection(connection);
}

void open_connection(struct connection *connection) {
    if (connection->state != REFUSED)
        connection->began = now();
    connection->messages = 0;
    connection->fd = dial();
    if (connection->fd < 0) {
        /* EAGAIN: the backlog of a unix socket is full. A real MTA would wait for it too. */
        if (errno != EAGAIN)
            note_error("connect: %s", strerror(errno));
        if (totals.errors >= MOST_ERRORS)
            fail("%d errors, the first: %s", MOST_ERRORS, totals.first_error);
        connection->state = REFUSED;
        connection->next_refused = refused;
        refused = connection;
        return;
    }
    connection->state = NEGOTIATING;
    connection->script = NULL;
    totals.connections++;
    watch(connection, true, true);
}

void dial_again(void) {
    struct connection *list = refused;
    refused = NULL;
    while (list) {
        struct connection *connection = list;
        list = list->next_refused;
        if (!ending)
            open_connection(connection);
    }
}

bool any_refused(void) {
    return refused != NULL;
}

static void negotiate(struct connection *connection) {
    /* The offer of Postfix 3.7: version 6, all actions, all steps. */
    static const unsigned char offer[] = { 0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff };
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    watch(connection, false, false);
    if (error == 0 && write(connection->fd, offer, sizeof offer) == sizeof offer) {
        totals.bytes_out += sizeof offer;
        return;
    }
    note_error("connect: %s", strerror(error ? error : errno));
    broken(connection);
}

/* Writes what the turn has left; a slow connection one byte, and only when its time has come. */
void send_turn(struct connection *connection, bool slow_may) {
    const struct turn *turn = &connection->stream->turns[connection->turn];
    while (connection->piece < turn->pieces) {
        const struct piece *piece = &connection->stream->pieces[turn->first_piece + connection->piece];
        if (connection->slow && !slow_may)
            return;
        size_t left = connection->slow ? 1 : piece->length - connection->sent;
        ssize_t written = write(connection->fd, connection->stream->bytes + piece->offset + connection->sent, left);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            if (errno != EAGAIN) {
                note_error("write in step %c: %s", turn->step, strerror(errno));
                broken(connection);
                return;
            }
            if (!connection->slow)
                watch(connection, true, false);
            return;
        }
        slow_may = false;
        totals.bytes_out += (uint64_t)written;
        connection->sent += (size_t)written;
        if (connection->sent == piece->length) {
            connection->piece++;
            connection->sent = 0;
        }
    }
    watch(connection, false, false);
}

void begin_turn(struct connection *connection, size_t turn) {
    connection->turn = turn;
    connection->piece = connection->sent = 0;
    send_turn(connection, false);
}

void say_goodbye(struct connection *connection) {
    static const unsigned char goodbye[] = { 0, 0, 0, 1, 'A', 0, 0, 0, 1, 'Q' };
    size_t from = options.mta == POSTFIX && connection->messages > 0 ? 0 : 5;
    if (write(connection->fd, goodbye + from, sizeof goodbye - from) > 0)
        totals.bytes_out += sizeof goodbye - from;
    shut(connection, FINISHED);
}

void writable(struct connection *connection) {
    if (connection->state == NEGOTIATING)
        negotiate(connection);
    else if (connection->state == RUNNING)
        send_turn(connection, false);
}

static void keep(struct connection *connection, const unsigned char *data, size_t length) {
    if (length > connection->in_capacity) {
        connection->in_capacity = length * 2;
        connection->in = realloc(connection->in, connection->in_capacity);
        if (!connection->in)
            fail("out of memory");
    }
    memmove(connection->in, data, length);
    connection->in_length = length;
}

void receive(struct connection *connection) {
    static unsigned char buffer[512 * 1024];
    size_t had = connection->in_length;
    if (had)
        memcpy(buffer, connection->in, had);    /* at most a frame of 64 KiB */
    ssize_t got = read(connection->fd, buffer + had, connection->reads_slowly && connection->state == RUNNING ? SLOW_READ : sizeof buffer - had);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        char step = connection->state == RUNNING ? connection->stream->turns[connection->turn].step : 'O';
        note_error("the filter closed the connection in step %c of message %ld%s%s", step, connection->messages + 1, got < 0 ? ": " : "",
            got < 0 ? strerror(errno) : "");
        broken(connection);
        return;
    }
    totals.bytes_in += (uint64_t)got;
    size_t length = had + (size_t)got, at = 0;
    while (length - at >= 5) {
        uint32_t size;
        memcpy(&size, buffer + at, 4);
        size = ntohl(size);
        if (size == 0 || size > BODY_CHUNK + 1) {
            note_error("an answer of %u bytes", size);
            broken(connection);
            return;
        }
        if (length - at < 4 + (size_t)size)
            break;
        if (!take(connection, (char)buffer[at + 4], buffer + at + 5, size - 1))
            return;
        at += 4 + size;
    }
    keep(connection, buffer + at, length - at);
}
