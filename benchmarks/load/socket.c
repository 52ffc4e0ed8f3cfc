#define _GNU_SOURCE
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static union { struct sockaddr any; struct sockaddr_in inet; struct sockaddr_un path; } address;
static socklen_t address_length;

void address_parse(const char *spec) {
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

int dial(void) {
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
