#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum state { CLOSED, REFUSED, NEGOTIATING, RUNNING, FINISHED };
enum { MOST_ERRORS = 1000 };

struct connection {
    int fd;
    enum state state;
    bool counted, slow, special, wants_write;
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

struct totals totals;
bool measuring, ending;

static struct connection *connections, *refused;
static int count, slow_from, poller = -1;
static union { struct sockaddr any; struct sockaddr_in inet; struct sockaddr_un path; } address;
static socklen_t address_length;
static uint64_t slow_next;
static int slow_turn;

void note_error(const char *format, ...) {
    if (totals.errors++ == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(totals.first_error, sizeof totals.first_error, format, arguments);
        va_end(arguments);
    }
}

static void address_parse(const char *spec) {
    int port;
    char host[64] = "127.0.0.1";
    memset(&address, 0, sizeof address);
    if (strncmp(spec, "unix:", 5) == 0) {
        address.path.sun_family = AF_UNIX;
        snprintf(address.path.sun_path, sizeof address.path.sun_path, "%s", spec + 5);
        address_length = sizeof address.path;
    } else if (sscanf(spec, "inet:%d@%63s", &port, host) >= 1 && inet_pton(AF_INET, host, &address.inet.sin_addr) == 1) {
        address.inet.sin_family = AF_INET;
        address.inet.sin_port = htons((uint16_t)port);
        address_length = sizeof address.inet;
    } else {
        fail("--listen is unix:PATH or inet:PORT@IPV4, not %s", spec);
    }
}

static void watch(struct connection *connection, bool writing, bool new) {
    if (!new && connection->wants_write == writing)
        return;
    struct epoll_event event = { .events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = connection };
    if (epoll_ctl(poller, new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, connection->fd, &event) != 0)
        fail("epoll_ctl: %s", strerror(errno));
    connection->wants_write = writing;
}

static void shut(struct connection *connection, enum state state) {
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
    connection->state = state;
    connection->in_length = 0;
}

static void open_connection(struct connection *connection);

static void broken(struct connection *connection) {
    shut(connection, CLOSED);
    if (totals.errors >= MOST_ERRORS)
        fail("%d errors, the first: %s", MOST_ERRORS, totals.first_error);
    if (!ending)
        open_connection(connection);
}

static int dial(void) {
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        fail("socket: %s", strerror(errno));
    if (address.any.sa_family == AF_INET) {
        /* Closed connections keep their port for a minute: 64 source addresses have enough of them. */
        static unsigned source;
        int on = 1;
        struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000100u + (source++ & 63)) };
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (ntohl(address.inet.sin_addr.s_addr) >> 24 == 127)
            bind(fd, (struct sockaddr *)&from, sizeof from);
    }
    if (connect(fd, &address.any, address_length) == 0 || errno == EINPROGRESS)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void open_connection(struct connection *connection) {
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
static void send_turn(struct connection *connection, bool slow_may) {
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

static void begin_turn(struct connection *connection, size_t turn) {
    connection->turn = turn;
    connection->piece = connection->sent = 0;
    send_turn(connection, false);
}

static void say_goodbye(struct connection *connection) {
    static const unsigned char goodbye[] = { 0, 0, 0, 1, 'A', 0, 0, 0, 1, 'Q' };
    size_t from = options.mta == POSTFIX && connection->messages > 0 ? 0 : 5;
    if (write(connection->fd, goodbye + from, sizeof goodbye - from) > 0)
        totals.bytes_out += sizeof goodbye - from;
    shut(connection, FINISHED);
}

static void message_done(struct connection *connection, char verdict) {
    char why[200];
    bool right = edits_complete(&connection->edits, verdict, why, sizeof why);
    if (right)
        totals.right++;
    else
        note_error("%s", why);
    uint64_t time = now();
    connection->messages++;
    if (measuring && right && connection->counted) {
        totals.measured++;
        totals.lf_bodies += connection->edits.lf;
        histogram_add(&totals.latency, time - connection->began);
    } else if (measuring && right) {
        totals.others++;
    }
    connection->edits = (struct edits){ 0 };
    if (ending) {
        say_goodbye(connection);
    } else if (connection->counted && options.per_connection > 0 && connection->messages >= options.per_connection) {
        say_goodbye(connection);
        open_connection(connection);
    } else {
        connection->began = time;
        connection->stream = &connection->script->next;
        begin_turn(connection, 0);
    }
}

static void negotiated(struct connection *connection, const unsigned char *data, size_t length) {
    uint32_t words[3] = { 0 };
    memcpy(words, data, length < sizeof words ? 0 : sizeof words);
    uint32_t version = ntohl(words[0]), actions = ntohl(words[1]), steps = ntohl(words[2]);
    if (length < sizeof words || version < 2 || version > 6 || actions & ~0x1ffu || steps & ~0x1fffffu) {
        note_error("the answer to OPTNEG is not of the offer: %zu bytes, version %u, actions 0x%x, steps 0x%x", length, version, actions, steps);
        broken(connection);
        return;
    }
    connection->script = script_for(version, steps, connection->special);
    connection->stream = &connection->script->first;
    connection->state = RUNNING;
    connection->edits = (struct edits){ 0 };
    connection->turn = 0;
    if (options.hold == HOLD_NONE || (options.hold == HOLD_HELO && connection->stream->connection_turns > 0))
        begin_turn(connection, 0);
}

/* One answer of the filter; false where the connection is no longer what it was. */
static bool take(struct connection *connection, char command, const unsigned char *data, size_t length) {
    if (connection->state == NEGOTIATING) {
        if (command == 'O') {
            negotiated(connection, data, length);
            return connection->state == RUNNING;
        }
        note_error("OPTNEG was answered with %c", command);
        broken(connection);
        return false;
    }
    const struct turn *turn = &connection->stream->turns[connection->turn];
    char why[200];
    if (connection->piece < turn->pieces) {
        note_error("%c came before step %c was sent", command, turn->step);
    } else if (command == 'p') {
        return true;
    } else if (turn->step == 'E') {
        if (command != 'c' && command != 'a') {
            if (!edits_take(&connection->edits, command, (const char *)data, length, why, sizeof why))
                note_error("%s", why);
            return true;
        }
        message_done(connection, command);
        return connection->state == RUNNING;
    } else if (command == 'c') {
        if (options.hold == HOLD_HELO && connection->turn + 1 == connection->stream->connection_turns)
            connection->turn++;
        else
            begin_turn(connection, connection->turn + 1);
        return connection->state == RUNNING;
    } else if (command == 's' && turn->step == 'B' && connection->script->steps & CAN_SKIP) {
        begin_turn(connection, connection->stream->turn_count - 1);
        return connection->state == RUNNING;
    } else {
        note_error("step %c was answered with %c", turn->step, command);
    }
    broken(connection);
    return false;
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

static void receive(struct connection *connection) {
    static unsigned char buffer[512 * 1024];
    size_t had = connection->in_length;
    if (had)
        memcpy(buffer, connection->in, had);    /* at most a frame of 64 KiB */
    ssize_t got = read(connection->fd, buffer + had, sizeof buffer - had);
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

void connections_open(int count_measured, int count_special, int count_slow) {
    address_parse(options.listen);
    poller = epoll_create1(EPOLL_CLOEXEC);
    count = count_measured + count_special + count_slow;
    slow_from = count - count_slow;
    connections = calloc((size_t)count, sizeof *connections);
    if (poller < 0 || !connections)
        fail("cannot begin");
    for (int i = 0; i < count; i++) {
        struct connection *connection = &connections[i];
        connection->counted = i < count_measured;
        connection->special = !connection->counted && i < slow_from;
        connection->slow = i >= slow_from;
        open_connection(connection);
    }
}

/* The slow ones are spread over slow_ms: each has its moment, when it may send one byte. */
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
        if (connection->state == RUNNING)
            send_turn(connection, true);
    }
}

static void dial_again(void) {
    struct connection *list = refused;
    refused = NULL;
    while (list) {
        struct connection *connection = list;
        list = list->next_refused;
        if (!ending)
            open_connection(connection);
    }
}

void connections_poll(int timeout_ms) {
    struct epoll_event events[256];
    if (refused || slow_from < count)
        timeout_ms = 1;
    int got = epoll_wait(poller, events, 256, timeout_ms);
    for (int i = 0; i < got; i++) {
        struct connection *connection = events[i].data.ptr;
        int fd = connection->fd;
        if (events[i].events & EPOLLOUT) {
            if (connection->state == NEGOTIATING)
                negotiate(connection);
            else if (connection->state == RUNNING)
                send_turn(connection, false);
        }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && connection->fd == fd && fd >= 0)
            receive(connection);
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
