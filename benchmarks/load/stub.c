/*
 * A PostgreSQL that knows nothing: it speaks just enough of the v3 protocol to stand behind a
 * pooler, and costs less than any pooler, so that the pooler is what is measured.
 *
 *   stub [PORT]        listens on 127.0.0.1; without a port on one that the system chooses.
 *                      Prints "port N" and serves until it is killed.
 *
 * Every user may log in (AuthenticationOk). What it answers:
 *   SELECT rows=R width=W    R rows of one column of W bytes
 *   COPY out rows=R width=W  R CopyData messages of W bytes
 *   COPY in                  takes CopyData until CopyDone
 *   BEGIN, COMMIT, ROLLBACK, SET, DISCARD   their tags
 *   anything else            one row with one int4
 * The extended protocol answers every statement with the one row. One thread, one epoll,
 * level-triggered; while an answer does not fit the socket, no further message is read.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES = 256 * 1024, OUT_BYTES = 64 * 1024, PATTERN_BYTES = 1024 * 1024, EVENTS = 256 };

/* Equal messages one after the other, in a file in memory: sendfile passes its pages, no copy. */
struct pattern {
    char type;
    size_t width, bytes;
    int fd;
};

struct conn {
    int fd;
    int started;          /* the startup packet has come */
    char status;          /* of ReadyForQuery: I or T */
    int watching_write;   /* EPOLLOUT is set, EPOLLIN is not */
    size_t in_len;        /* unread bytes in `in` */
    size_t skip;          /* bytes of a CopyData body still to come */
    size_t out_at, out_len;
    struct pattern *bulk; /* goes out after `out`; then bulk_tail */
    uint64_t bulk_left, bulk_rows;
    char in[IN_BYTES];
    char out[OUT_BYTES];
};

static int epoll_fd;
static struct pattern patterns[16];
static int pattern_count;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void put32(char *to, uint32_t value) {
    value = htonl(value);
    memcpy(to, &value, 4);
}

static uint32_t get32(const char *from) {
    uint32_t value;
    memcpy(&value, from, 4);
    return ntohl(value);
}

static void add(struct conn *c, const char *bytes, size_t length) {
    if (c->out_len + length > OUT_BYTES) {
        fprintf(stderr, "stub: an answer does not fit\n");
        exit(1);
    }
    memcpy(c->out + c->out_len, bytes, length);
    c->out_len += length;
}

/* 'X' | int32 length | body */
static void add_message(struct conn *c, char type, const char *body, size_t length) {
    char head[5] = {type};
    put32(head + 1, (uint32_t) length + 4);
    add(c, head, 5);
    add(c, body, length);
}

static void add_ready(struct conn *c) {
    add_message(c, 'Z', &c->status, 1);
}

static void add_tag(struct conn *c, const char *tag) {
    add_message(c, 'C', tag, strlen(tag) + 1);
}

/* One column "v" of type int4 (23), in text. */
static const char ROW_DESCRIPTION[] = "\0\1v\0\0\0\0\0\0\0\0\0\0\27\0\4\377\377\377\377\0";
/* One value of five digits. */
static const char ROW[] = "\0\1\0\0\0\00512345";

static void add_description(struct conn *c) {
    add_message(c, 'T', ROW_DESCRIPTION, sizeof ROW_DESCRIPTION);
}

static void add_row(struct conn *c) {
    add_message(c, 'D', ROW, sizeof ROW - 1);
    add_tag(c, "SELECT 1");
}

static struct pattern *find_pattern(char type, size_t width) {
    for (int i = 0; i < pattern_count; i++)
        if (patterns[i].type == type && patterns[i].width == width)
            return &patterns[i];
    if (pattern_count == 16) {
        fprintf(stderr, "stub: too many shapes of rows\n");
        exit(1);
    }
    size_t head = type == 'D' ? 11 : 5;
    size_t length = head + width;
    size_t count = length >= PATTERN_BYTES ? 1 : PATTERN_BYTES / length;
    struct pattern *p = &patterns[pattern_count++];
    *p = (struct pattern) {type, width, length * count, memfd_create("rows", 0)};
    if (p->fd < 0 || ftruncate(p->fd, (off_t) p->bytes) < 0)
        die("memfd");
    char *map = mmap(NULL, p->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
    if (map == MAP_FAILED)
        die("mmap");
    for (char *at = map; at < map + p->bytes; at += length) {
        memset(at, 'x', length);
        at[0] = type;
        put32(at + 1, (uint32_t) length - 1);
        if (type == 'D') {
            at[5] = 0, at[6] = 1;
            put32(at + 7, (uint32_t) width);
        }
    }
    return p;
}

static void start_bulk(struct conn *c, char type, const char *text) {
    unsigned long rows = 0, width = 0;
    const char *numbers = strstr(text, "rows=");
    if (!numbers || sscanf(numbers, "rows=%lu width=%lu", &rows, &width) != 2) {
        fprintf(stderr, "stub: cannot read: %s\n", text);
        exit(1);
    }
    if (type == 'D')
        add_description(c);
    else
        add_message(c, 'H', "\0\0\1\0\0", 5);
    c->bulk = find_pattern(type, width);
    c->bulk_rows = rows;
    c->bulk_left = rows * (width + (type == 'D' ? 11 : 5));
}

static void end_bulk(struct conn *c) {
    char tag[40];
    int copy = c->bulk->type == 'd';
    if (copy)
        add_message(c, 'c', "", 0);
    snprintf(tag, sizeof tag, "%s %lu", copy ? "COPY" : "SELECT", (unsigned long) c->bulk_rows);
    c->bulk = NULL;
    add_tag(c, tag);
    add_ready(c);
}

static int starts(const char *text, const char *with) {
    return strncasecmp(text, with, strlen(with)) == 0;
}

static void simple_query(struct conn *c, const char *text) {
    if (starts(text, "SELECT rows=")) {
        start_bulk(c, 'D', text);
        return;
    }
    if (starts(text, "COPY out")) {
        start_bulk(c, 'd', text);
        return;
    }
    if (starts(text, "COPY in")) {
        add_message(c, 'G', "\0\0\1\0\0", 5);
        return;
    }
    if (starts(text, "BEGIN")) {
        c->status = 'T';
        add_tag(c, "BEGIN");
    } else if (starts(text, "COMMIT") || starts(text, "ROLLBACK")) {
        c->status = 'I';
        add_tag(c, starts(text, "C") ? "COMMIT" : "ROLLBACK");
    } else if (starts(text, "SET")) {
        add_tag(c, "SET");
    } else if (starts(text, "DISCARD")) {
        add_tag(c, "DISCARD ALL");
    } else {
        add_description(c);
        add_row(c);
    }
    add_ready(c);
}

static void add_parameter(struct conn *c, const char *name, const char *value) {
    char body[128];
    size_t name_bytes = strlen(name) + 1, value_bytes = strlen(value) + 1;
    memcpy(body, name, name_bytes);
    memcpy(body + name_bytes, value, value_bytes);
    add_message(c, 'S', body, name_bytes + value_bytes);
}

/* int32 length | int32 code | …; returns 0 when the connection has to end. */
static int startup(struct conn *c, const char *packet) {
    static uint32_t pid = 1000;
    static const char *const PARAMETERS[][2] = {
        {"application_name", ""}, {"client_encoding", "UTF8"}, {"DateStyle", "ISO, MDY"},
        {"default_transaction_read_only", "off"}, {"in_hot_standby", "off"},
        {"integer_datetimes", "on"}, {"IntervalStyle", "postgres"}, {"is_superuser", "off"},
        {"scram_iterations", "4096"}, {"server_encoding", "UTF8"}, {"server_version", "17.0"},
        {"session_authorization", "bench"}, {"standard_conforming_strings", "on"},
        {"TimeZone", "Etc/UTC"},
    };
    uint32_t code = get32(packet + 4);
    if (code == 80877103 || code == 80877104) { /* SSLRequest, GSSENCRequest */
        add(c, "N", 1);
        return 1;
    }
    if (code >> 16 != 3)
        return 0; /* a cancel request, or nothing that we know */
    c->started = 1;
    char key[8];
    put32(key, pid++);
    put32(key + 4, 0x5eed0000 + pid);
    add_message(c, 'R', "\0\0\0\0", 4);
    for (size_t i = 0; i < sizeof PARAMETERS / sizeof *PARAMETERS; i++)
        add_parameter(c, PARAMETERS[i][0], PARAMETERS[i][1]);
    add_message(c, 'K', key, 8);
    add_ready(c);
    return 1;
}

/* Answers one whole message; returns 0 when the connection has to end. */
static int answer(struct conn *c, char type, const char *body) {
    switch (type) {
    case 'Q': simple_query(c, body); return 1;
    case 'P': add_message(c, '1', "", 0); return 1;
    case 'B': add_message(c, '2', "", 0); return 1;
    case 'C': add_message(c, '3', "", 0); return 1;
    case 'D':
        if (body[0] == 'S')
            add_message(c, 't', "\0\1\0\0\0\27", 6);
        add_description(c);
        return 1;
    case 'E': add_row(c); return 1;
    case 'S': add_ready(c); return 1;
    case 'c': add_tag(c, "COPY 1"); add_ready(c); return 1;
    case 'H':
    case 'd': return 1;
    case 'X': return 0;
    default: fprintf(stderr, "stub: unknown message '%c'\n", type); return 0;
    }
}

/* Sends what there is; returns -1 on a broken connection, 0 when the socket is full, 1 when done. */
static int flush(struct conn *c) {
    for (;;) {
        while (c->out_at < c->out_len) {
            ssize_t n = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL);
            if (n < 0)
                return errno == EAGAIN ? 0 : -1;
            c->out_at += (size_t) n;
        }
        c->out_at = c->out_len = 0;
        if (!c->bulk)
            return 1;
        uint64_t total = c->bulk->bytes;
        while (c->bulk_left > 0) {
            /* Counted back from the end, so that the last message ends with the pattern. */
            off_t from = (off_t) ((total - c->bulk_left % total) % total);
            uint64_t length = total - (uint64_t) from;
            ssize_t n = sendfile(c->fd, c->bulk->fd, &from, length < c->bulk_left ? length : c->bulk_left);
            if (n < 0)
                return errno == EAGAIN ? 0 : -1;
            c->bulk_left -= (uint64_t) n;
        }
        end_bulk(c);
    }
}

/* Answers the whole messages in `in`; returns 0 when the connection has to end. */
static int answer_all(struct conn *c) {
    size_t at = 0;
    while (!c->bulk && c->out_len < OUT_BYTES - 4096) {
        if (c->skip > 0) {
            size_t n = c->in_len - at < c->skip ? c->in_len - at : c->skip;
            c->skip -= n;
            at += n;
        }
        size_t left = c->in_len - at;
        size_t head = c->started ? 5 : 8;
        if (left < head)
            break;
        char *from = c->in + at;
        size_t length = c->started ? get32(from + 1) + 1 : get32(from);
        if (c->started && *from == 'd') {
            at += 5;
            c->skip = length - 5;
            continue;
        }
        if (length > IN_BYTES || length < head)
            return 0;
        if (left < length)
            break;
        if (!(c->started ? answer(c, *from, from + 5) : startup(c, from)))
            return 0;
        at += length;
    }
    c->in_len -= at;
    if (c->in_len > 0 && at > 0)
        memmove(c->in, c->in + at, c->in_len);
    return 1;
}

static void watch(struct conn *c, int write) {
    if (c->watching_write == write)
        return;
    c->watching_write = write;
    struct epoll_event e = {.events = write ? EPOLLOUT : EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void end(struct conn *c) {
    close(c->fd);
    free(c);
}

/* Answers and sends until there is nothing more to do, or the socket is full. */
static void work(struct conn *c) {
    for (;;) {
        size_t before = c->in_len;
        int go_on = answer_all(c);
        int sent = flush(c);
        if (!go_on || sent < 0) {
            end(c);
            return;
        }
        watch(c, sent == 0);
        if (sent == 0 || c->in_len == 0 || c->in_len == before)
            return;
    }
}

static void ready(struct conn *c) {
    if (!c->watching_write) {
        ssize_t n = recv(c->fd, c->in + c->in_len, IN_BYTES - c->in_len, 0);
        if (n <= 0) {
            if (n == 0 || errno != EAGAIN)
                end(c);
            return;
        }
        c->in_len += (size_t) n;
    } else {
        int sent = flush(c);
        if (sent < 0)
            end(c);
        if (sent <= 0)
            return;
    }
    work(c);
}

static void accept_one(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct conn *c = malloc(sizeof *c);
    if (!c)
        die("malloc");
    memset(c, 0, offsetof(struct conn, in));
    c->fd = fd;
    c->status = 'I';
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e) < 0)
        die("epoll_ctl");
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *) &address, length) < 0 || listen(fd, 1024) < 0)
        die("listen");
    getsockname(fd, (struct sockaddr *) &address, &length);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(argc > 1 ? atoi(argv[1]) : 0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS];
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int n = epoll_wait(epoll_fd, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr)
                ready(events[i].data.ptr);
            else
                accept_one(listener);
        }
    }
}
