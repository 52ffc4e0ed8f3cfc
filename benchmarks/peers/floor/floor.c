/* The floor: the same answers from a bare epoll loop, without a library, checks, limits, timeouts or any care for a hostile peer. Nothing that
 * speaks milter over these sockets can be much cheaper, so what a library costs beyond this is its own.
 *   --listen unix:PATH|inet:PORT@HOST --workload noop|inspect|inspect-nr|rewrite|typical */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { NOOP, INSPECT, INSPECT_NR, REWRITE, TYPICAL };
static const char *const names[] = { "noop", "inspect", "inspect-nr", "rewrite", "typical" };
/* What is asked for: steps not sent, replies waived. Typical: headers without replies, the least its job needs. */
static const uint32_t wanted_steps[] = { 0x37f, 0x300, 0xcf380, 0x300, 0x3df };
static const uint32_t wanted_actions[] = { 0, 0x01, 0x01, 0x16, 0x01 };
static const char footer[] = "-- \r\nchecked by the bench filter\r\n";
static int workload = INSPECT, poller;

struct bytes { unsigned char *data; size_t length, capacity; };
struct connection {
    int fd, headers;
    uint32_t steps;
    size_t body, subject_length;
    char subject[256];
    struct bytes in, out, copy;
    bool writing;
};

static void append(struct bytes *bytes, const void *data, size_t length) {
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = (bytes->length + length) * 2;
        if (!(bytes->data = realloc(bytes->data, bytes->capacity)))
            abort();
    }
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
}

static void answer(struct connection *connection, char code, const void *data, size_t length) {
    uint32_t size = htonl((uint32_t)length + 1);
    append(&connection->out, &size, 4);
    append(&connection->out, &code, 1);
    if (length)
        append(&connection->out, data, length);
}

static void end_of_message(struct connection *connection) {
    char text[400];
    int length;
    if (workload == INSPECT || workload == INSPECT_NR) {
        length = sprintf(text, "X-Checked%ch=%d b=%zu s=%zu", 0, connection->headers, connection->body, connection->subject_length);
        answer(connection, 'h', text, (size_t)length + 1);
    } else if (workload == TYPICAL) {
        length = sprintf(text, "X-Checked%c%s", 0, connection->subject_length ? "ok" : "no subject");
        answer(connection, 'h', text, (size_t)length + 1);
    } else if (workload == REWRITE) {
        memcpy(text, "\0\0\0\1", 4);
        length = sprintf(text + 4, "Subject%c[CHK] %s", 0, connection->subject);
        answer(connection, 'm', text, (size_t)length + 5);
        answer(connection, '+', "<extra@example.net>", 20);
        append(&connection->copy, footer, sizeof footer - 1);
        for (size_t at = 0; at < connection->copy.length; at += 65535) {
            size_t left = connection->copy.length - at;
            answer(connection, 'b', connection->copy.data + at, left < 65535 ? left : 65535);
        }
    }
    answer(connection, workload == NOOP ? 'a' : 'c', NULL, 0);
}

/* One command; false at QUIT. */
static bool command(struct connection *connection, char code, unsigned char *data, size_t length) {
    uint32_t waived = 0;
    switch (code) {
    case 'O': {
        uint32_t words[3];
        memcpy(words, data, sizeof words);
        connection->steps = ntohl(words[2]) & wanted_steps[workload];
        words[1] = htonl(ntohl(words[1]) & wanted_actions[workload]);
        words[2] = htonl(connection->steps);
        answer(connection, 'O', words, sizeof words);
        return true;
    }
    case 'C': waived = 0x1000; break;
    case 'H': waived = 0x2000; break;
    case 'R': waived = 0x8000; break;
    case 'N': waived = 0x40000; break;
    case 'L':
        waived = 0x80;
        connection->headers++;
        if (strcasecmp((char *)data, "Subject") == 0) {
            const char *value = (char *)data + sizeof "Subject";
            value += strspn(value, " ");
            connection->subject_length = strlen(value);
            snprintf(connection->subject, sizeof connection->subject, "%s", value);
        }
        break;
    case 'B':
        waived = 0x80000;
        connection->body += length;
        if (workload == REWRITE)
            append(&connection->copy, data, length);
        break;
    case 'E':
        end_of_message(connection);
        /* fall through */
    case 'A':
        connection->headers = 0;
        connection->body = connection->subject_length = connection->copy.length = 0;
        return true;
    case 'M': waived = 0x4000; break;
    case 'Q': return false;
    default: return true;
    }
    if (!(connection->steps & waived))
        answer(connection, 'c', NULL, 0);
    return true;
}

static void flush(struct connection *connection) {
    size_t at = 0;
    while (at < connection->out.length) {
        ssize_t written = write(connection->fd, connection->out.data + at, connection->out.length - at);
        if (written <= 0)
            break;
        at += (size_t)written;
    }
    connection->out.length -= at;
    memmove(connection->out.data, connection->out.data + at, connection->out.length);
    bool writing = connection->out.length > 0;
    if (writing != connection->writing) {
        struct epoll_event event = { .events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = connection };
        epoll_ctl(poller, EPOLL_CTL_MOD, connection->fd, &event);
        connection->writing = writing;
    }
}

/* Reads once, handles all whole packets, writes once. False: over. */
static bool serve(struct connection *connection) {
    static unsigned char buffer[256 * 1024];
    ssize_t got = read(connection->fd, buffer, sizeof buffer);
    if (got <= 0)
        return false;
    unsigned char *data = buffer;
    size_t length = (size_t)got, at = 0;
    if (connection->in.length) {
        append(&connection->in, buffer, length);
        data = connection->in.data;
        length = connection->in.length;
    }
    while (length - at >= 5) {
        uint32_t size;
        memcpy(&size, data + at, 4);
        size = ntohl(size);
        if (length - at < 4 + (size_t)size)
            break;
        if (!command(connection, (char)data[at + 4], data + at + 5, size - 1))
            return false;
        at += 4 + size;
    }
    if (data == connection->in.data) {
        memmove(data, data + at, length - at);
        connection->in.length = length - at;
    } else if (at < length) {
        append(&connection->in, data + at, length - at);
    }
    if (connection->out.length)
        flush(connection);
    return true;
}

static int listen_on(const char *spec) {
    int port = 0, on = 1, fd;
    char host[64] = "127.0.0.1";
    if (strncmp(spec, "unix:", 5) == 0) {
        struct sockaddr_un path = { .sun_family = AF_UNIX };
        snprintf(path.sun_path, sizeof path.sun_path, "%s", spec + 5);
        unlink(path.sun_path);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (bind(fd, (struct sockaddr *)&path, sizeof path) != 0)
            return -1;
    } else {
        struct sockaddr_in inet = { .sin_family = AF_INET };
        sscanf(spec, "inet:%d@%63s", &port, host);
        inet.sin_port = htons((uint16_t)port);
        inet_pton(AF_INET, host, &inet.sin_addr);
        fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, (struct sockaddr *)&inet, sizeof inet) != 0)
            return -1;
    }
    return listen(fd, 4096) == 0 ? fd : -1;
}

static void accept_all(int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
        if (!connection)
            abort();
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connection->fd = fd;
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int argc, char **argv) {
    const char *spec = "inet:9999@127.0.0.1";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--listen") == 0)
            spec = argv[i + 1];
        for (int k = 0; k < 5; k++)
            if (strcmp(argv[i], "--workload") == 0 && strcmp(argv[i + 1], names[k]) == 0)
                workload = k;
    }
    signal(SIGPIPE, SIG_IGN);
    int listener = listen_on(spec);
    if (listener < 0) {
        perror(spec);
        return 78;
    }
    poller = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN }, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int got = epoll_wait(poller, events, 256, -1);
        for (int i = 0; i < got; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection) {
                accept_all(listener);
                continue;
            }
            if (events[i].events & EPOLLOUT)
                flush(connection);
            if (events[i].events & ~(uint32_t)EPOLLOUT && !serve(connection)) {
                close(connection->fd);
                free(connection->in.data);
                free(connection->out.data);
                free(connection->copy.data);
                free(connection);
            }
        }
    }
}
