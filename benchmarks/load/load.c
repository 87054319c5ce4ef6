/*
 * The load: many PostgreSQL clients on one thread, cheaper than any pooler.
 *
 *   load port=N [mode=closed] [key=value …]
 *
 * mode      closed   every client sends its next request when the last one is answered
 *           open     requests leave at a fixed rate, whoever is free takes the next; their latency
 *                    counts from the moment they were due (no coordinated omission)
 *           connect  connect, log in, one query, Terminate, again and again; `clients` at a time
 *           idle     logs in, prints "ready", and waits for the end of standard input
 *           first    tries until one query is answered and prints "answered T" (CLOCK_MONOTONIC, ns)
 * protocol  simple (Query) · extended (Parse, Bind, Describe, Execute, Sync) · prepared (the
 *           statement is parsed once per client) · batch (extended, one Sync for all of a pipeline)
 * query     the text; clients, pipeline, seconds, warmup, rate: numbers
 * copy      bytes that answer a CopyInResponse, in CopyData messages of `width` bytes
 * interval  milliseconds; also prints the answers in each from the first connection on
 * wait      1: connects again while nobody listens
 * watch     PID[,PID…]: the CPU time of these processes over the measured span
 * user, password, database, tls=1: how to log in (all but trust and TLS off need OpenSSL, -DWITH_OPENSSL)
 *
 * Prints one line of key=value: queries, seconds, latencies in ns, CPU times in ns, bytes received.
 * SIGTERM ends the measured span early.
 * Ends with status 1 at the first error or lost connection.
 */
#include "load.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <time.h>

enum { READ_BYTES = 64 * 1024, EVENTS = 512, CONNECTING_AT_ONCE = 16, WATCHED = 8 };
/* Answers longer than this are counted, not looked at, once their length is known. */
enum { LONG_ANSWER = 64 * 1024 };

struct options option = {
    .mode = "closed", .protocol = "simple", .query = "SELECT 1", .user = "bench", .password = "secret", .database = "bench",
    .watch = "", .clients = 1, .pipeline = 1, .width = 1000, .seconds = 3,
};

static struct client *clients;
static int epoll_fd, begun, connecting, logged_in, clock_started;
static char request[64 * 1024], prepare[512];
static size_t request_bytes, prepare_bytes;
static int request_answers;
static uint64_t long_answer;     /* length of the answer, once known */
static int copy_file;            /* CopyData messages */
static uint64_t copy_period;

/* The measured span. */
static int64_t measure_from, measure_to, measured_at, first_connection;
static int measuring, done;
static volatile sig_atomic_t asked_to_end;
static uint64_t queries, bytes;
static uint32_t intervals[4096];

/* Who is free, in the order in which they became so; and when the next request is due. */
static int *free_ring;
static unsigned free_head, free_tail;
static int64_t due, due_step_start;
static uint64_t due_count;

static int mode_is(const char *mode) {
    return strcmp(option.mode, mode) == 0;
}

/* ---- CPU time of other processes ---- */

static int watched[WATCHED], watched_count;
static int64_t watched_before[WATCHED];

static void read_watch_list(void) {
    for (const char *at = option.watch; *at && watched_count < WATCHED; at += *at == ',') {
        char *end;
        watched[watched_count++] = (int) strtol(at, &end, 10);
        at = end;
    }
}

static int64_t own_cpu_before;

static void begin_measuring(void) {
    for (int i = 0; i < watched_count; i++)
        watched_before[i] = cpu_of(watched[i]);
    own_cpu_before = own_cpu();
    forget_latencies();
    queries = bytes = 0;
    measuring = 1;
    measured_at = now_ns();
    measure_to = measured_at + (int64_t) (option.seconds * 1e9);
}

static void print_result(int64_t now) {
    printf("queries=%llu seconds=%.6f bytes=%llu p50=%llu p99=%llu p999=%llu load_cpu=%lld",
           (unsigned long long) queries, (double) (now - measured_at) / 1e9, (unsigned long long) bytes,
           (unsigned long long) quantile(.5), (unsigned long long) quantile(.99),
           (unsigned long long) quantile(.999), (long long) (own_cpu() - own_cpu_before));
    for (int i = 0; i < watched_count; i++)
        printf(" cpu_%d=%lld", watched[i], (long long) (cpu_of(watched[i]) - watched_before[i]));
    if (option.interval > 0) {
        int count = (int) ((now - first_connection) / (option.interval * 1000000LL));
        printf(" intervals=");
        for (int i = 0; i < count && i < 4096; i++)
            printf("%s%u", i ? "," : "", intervals[i]);
    }
    printf("\n");
    done = 1;
}

/* ---- messages ---- */

static void append_parse(char **at, const char *name) {
    char body[4096];
    size_t name_bytes = strlen(name) + 1, query_bytes = strlen(option.query) + 1;
    memcpy(body, name, name_bytes);
    memcpy(body + name_bytes, option.query, query_bytes);
    memcpy(body + name_bytes + query_bytes, "\0", 2);
    append(at, 'P', body, name_bytes + query_bytes + 2);
}

/* Bind with one parameter if the text has $1, Describe portal, Execute. */
static void append_execution(char **at, const char *name) {
    char body[256];
    size_t name_bytes = strlen(name) + 1;
    int parameter = strstr(option.query, "$1") != NULL;
    body[0] = 0;
    memcpy(body + 1, name, name_bytes);
    char *end = body + 1 + name_bytes;
    const char with[] = "\0\0\0\1\0\0\0\00512345\0", without[] = "\0\0\0\0\0";
    size_t rest = parameter ? sizeof with : sizeof without;
    memcpy(end, parameter ? with : without, rest);
    append(at, 'B', body, 1 + name_bytes + rest);
    append(at, 'D', "P", 2);
    append(at, 'E', "\0\0\0\0", 5);
}

static void build_requests(void) {
    int batch = strcmp(option.protocol, "batch") == 0, prepared = strcmp(option.protocol, "prepared") == 0;
    const char *name = prepared ? "q" : "";
    char *at = request;
    if (strlen(option.query) > 4000 || option.pipeline * (strlen(option.query) + 128) > sizeof request)
        fail("the query is too long");
    for (int i = 0; i < option.pipeline; i++) {
        if (strcmp(option.protocol, "simple") == 0) {
            append(&at, 'Q', option.query, strlen(option.query) + 1);
            continue;
        }
        if (!prepared)
            append_parse(&at, name);
        append_execution(&at, name);
        if (!batch)
            append(&at, 'S', "", 0);
    }
    if (batch)
        append(&at, 'S', "", 0);
    request_answers = batch ? 1 : option.pipeline;
    request_bytes = (size_t) (at - request);
    if (prepared) {
        at = prepare;
        append_parse(&at, name);
        append(&at, 'S', "", 0);
        prepare_bytes = (size_t) (at - prepare);
    }
}

/* Equal CopyData messages in a file in memory: sendfile passes its pages, no copy. */
static void build_copy(void) {
    size_t length = 5 + (size_t) option.width, count = (1024 * 1024 + length - 1) / length;
    char *data = malloc(length * count), *at = data, *body = malloc((size_t) option.width);
    memset(body, 'x', (size_t) option.width);
    for (size_t i = 0; i < count; i++)
        append(&at, 'd', body, (size_t) option.width);
    copy_period = length * count;
    copy_file = memfd_create("copy", 0);
    if (copy_file < 0 || write(copy_file, data, copy_period) != (ssize_t) copy_period)
        fail("memfd: %s", strerror(errno));
    option.copy = option.copy / length * length;
    free(data);
    free(body);
}

/* ---- bytes in and out ---- */

void watch_write(struct client *c, int write) {
    if (c->watching_write == write)
        return;
    c->watching_write = write;
    struct epoll_event e = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void pump(struct client *c) {
    while (c->out_left > 0) {
        ssize_t n = transmit(c, c->out, c->out_left);
        if (n < 0) {
            if (errno != EAGAIN)
                fail("send: %s", strerror(errno));
            watch_write(c, 1);
            return;
        }
        c->out += n;
        c->out_left -= (size_t) n;
    }
    while (c->copy_left > 0) {
        off_t from = (off_t) ((copy_period - c->copy_left % copy_period) % copy_period);
        uint64_t length = copy_period - (uint64_t) from;
        ssize_t n = sendfile(c->fd, copy_file, &from, length < c->copy_left ? length : c->copy_left);
        if (n < 0) {
            if (errno != EAGAIN)
                fail("sendfile: %s", strerror(errno));
            watch_write(c, 1);
            return;
        }
        c->copy_left -= (uint64_t) n;
        bytes += (uint64_t) n;
        if (c->copy_left == 0) {
            c->out = "c\0\0\0\4"; /* CopyDone */
            c->out_left = 5;
            pump(c);
            return;
        }
    }
    watch_write(c, 0);
}

void put(struct client *c, const char *from, size_t length) {
    c->out = from;
    c->out_left = length;
    pump(c);
}

static void put_request(struct client *c, int64_t since) {
    c->state = BUSY;
    c->since = since;
    c->answers_left = request_answers;
    c->counting = long_answer > 0;
    c->answer_bytes = long_answer;
    put(c, request, request_bytes);
}

/* ---- open loop ---- */

static void pace(int64_t now) {
    while (due <= now && free_head != free_tail) {
        int who = free_ring[free_head++ % (unsigned) option.clients];
        put_request(&clients[who], due);
        due = due_step_start + (int64_t) ((double) ++due_count * 1e9 / option.rate);
    }
}

/* ---- life of a client ---- */

static void connect_client(struct client *c);

static void next_connection(void) {
    if (begun < option.clients && connecting < CONNECTING_AT_ONCE)
        connect_client(&clients[begun++]);
}

static void start_clock(int64_t now) {
    clock_started = 1;
    measure_from = now + (int64_t) (option.warmup * 1e9);
    measure_to = INT64_MAX;
    due = due_step_start = now;
    for (int i = 0; i < option.clients; i++) {
        if (mode_is("open"))
            free_ring[free_tail++ % (unsigned) option.clients] = i;
        else if (mode_is("closed") && clients[i].state == FREE)
            put_request(&clients[i], now);
    }
    if (mode_is("idle")) {
        printf("ready\n");
        fflush(stdout);
    }
}

static void close_client(struct client *c) {
    end_tls(c);
    close(c->fd);
    c->state = OFF;
}

/* Logged in, and prepared if need be: may send requests. */
static void free_client(struct client *c, int64_t now) {
    c->state = FREE;
    if (mode_is("connect") || mode_is("first") || option.interval > 0) {
        if (!clock_started)
            start_clock(now);
        if (c->state == FREE)
            put_request(c, mode_is("connect") ? c->since : now);
    }
    logged_in++;
    connecting--;
    next_connection();
    if (!clock_started && logged_in == option.clients)
        start_clock(now);
}

static void answered(struct client *c, int64_t now) {
    if (first_connection > 0 && option.interval > 0) {
        int64_t slot = (now - first_connection) / (option.interval * 1000000LL);
        if (slot < 4096)
            intervals[slot] += (uint32_t) option.pipeline;
    }
    queries += (uint64_t) option.pipeline;
    if (measuring)
        record(now - c->since);
    if (mode_is("first")) {
        printf("answered %lld\n", (long long) now);
        done = 1;
    } else if (mode_is("connect")) {
        transmit(c, "X\0\0\0\4", 5);
        close_client(c);
        connect_client(c);
    } else if (mode_is("open")) {
        c->state = FREE;
        free_ring[free_tail++ % (unsigned) option.clients] = (int) (c - clients);
        pace(now);
    } else {
        put_request(c, now);
    }
}

static void ready_for_query(struct client *c, int64_t now) {
    if (c->state == LOGIN && prepare_bytes > 0) {
        c->state = PREPARE;
        put(c, prepare, prepare_bytes);
    } else if (c->state == LOGIN || c->state == PREPARE) {
        free_client(c, now);
    } else if (--c->answers_left == 0) {
        if (c->answer_bytes > LONG_ANSWER && option.pipeline == 1 && !option.tls)
            long_answer = c->answer_bytes;
        answered(c, now);
    }
}

/* Spreads connections over 200 source addresses, so that ports never run out. */
static void bind_source(int fd) {
    static unsigned count;
    int on = 1;
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (count++ / 20) % 200);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(fd, (struct sockaddr *) &source, sizeof source) < 0)
        fail("bind: %s", strerror(errno));
}

static void connect_client(struct client *c) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t) option.port)};
    int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    memset(c, 0, offsetof(struct client, head));
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        fail("socket: %s", strerror(errno));
    bind_source(c->fd);
    c->since = now_ns();
    /* On the loopback a connect is over at once, so it may block. */
    while (connect(c->fd, (struct sockaddr *) &address, sizeof address) < 0) {
        if (!option.wait || errno != ECONNREFUSED)
            fail("connect: %s", strerror(errno));
        close(c->fd);
        struct timespec pause = {0, 200000};
        nanosleep(&pause, NULL);
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!first_connection)
        first_connection = now_ns();
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e);
    connecting++;
    if (option.tls) {
        c->state = TLS_ASKED;
        put(c, "\0\0\0\10\4\322\26\57", 8);
    } else {
        start_login(c);
    }
}

/* ---- reading answers ---- */

static void error_message(struct client *c) {
    char text[BODY_BYTES] = "";
    for (char *at = c->body; at < c->body + c->body_len && *at; at += strlen(at) + 1)
        if (*at == 'M')
            snprintf(text, sizeof text, "%s", at + 1);
    fail("the pooler says: %s", text);
}

static void whole_message(struct client *c, int64_t now) {
    switch (c->type) {
    case 'R': authenticate(c); break;
    case 'E': error_message(c); break;
    case 'G':
        c->copy_left = option.copy;
        pump(c);
        break;
    case 'Z': ready_for_query(c, now); break;
    default: break;
    }
}

/* Steps over the messages in a piece of the stream; only R and E are kept. */
static void read_messages(struct client *c, const char *at, size_t length, int64_t now) {
    const char *end = at + length;
    while (at < end) {
        if (c->head_len < 5) {
            while (c->head_len < 5 && at < end)
                c->head[c->head_len++] = *at++;
            if (c->head_len < 5)
                return;
            uint32_t wire;
            memcpy(&wire, c->head + 1, 4);
            c->type = c->head[0];
            c->body_left = ntohl(wire) - 4;
            c->body_len = 0;
        }
        uint32_t n = (size_t) (end - at) < c->body_left ? (uint32_t) (end - at) : c->body_left;
        if (c->type == 'R' || c->type == 'E') {
            uint32_t room = BODY_BYTES - 1 - c->body_len, kept = n < room ? n : room;
            memcpy(c->body + c->body_len, at, kept);
            c->body_len += kept;
            c->body[c->body_len] = 0;
        }
        at += n;
        c->body_left -= n;
        if (c->body_left > 0)
            return;
        c->head_len = 0;
        whole_message(c, now);
        if (c->state == OFF)
            return;
    }
}

/* Throws away a long answer, but for its last message, which has to be ReadyForQuery. */
static void count_bytes(struct client *c, int64_t now) {
    ssize_t n;
    if (c->answer_bytes > TAIL) {
        size_t most = c->answer_bytes - TAIL < (1 << 20) ? c->answer_bytes - TAIL : 1 << 20;
        n = recv(c->fd, NULL, most, MSG_TRUNC);
    } else {
        n = recv(c->fd, c->tail + TAIL - c->answer_bytes, c->answer_bytes, 0);
    }
    if (n == 0 || (n < 0 && errno != EAGAIN))
        fail("the pooler closed a connection");
    if (n < 0)
        return;
    bytes += (uint64_t) n;
    c->answer_bytes -= (uint64_t) n;
    if (c->answer_bytes > 0)
        return;
    if (memcmp(c->tail, "Z\0\0\0\5I", TAIL) != 0)
        fail("a long answer does not end as the first one did");
    answered(c, now);
}

static void ready_to_read(struct client *c) {
    static char buffer[READ_BYTES];
    int64_t now = now_ns();
    do {
        if (c->counting) {
            count_bytes(c, now);
            return;
        }
        ssize_t n = receive(c, buffer, sizeof buffer);
        if (n < 0)
            return;
        if (n == 0)
            fail("the pooler closed a connection");
        bytes += (uint64_t) n;
        c->answer_bytes += (uint64_t) n;
        read_messages(c, buffer, (size_t) n, now);
    } while (c->state != OFF && more_pending(c));
}

static void handle(struct client *c, uint32_t events) {
    if (c->state == OFF)
        return;
    if (c->state == TLS_ASKED) {
        start_tls(c);
    } else if (c->state == TLS_HANDSHAKE) {
        go_on_with_tls(c);
    } else {
        if (events & EPOLLOUT)
            pump(c);
        if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            ready_to_read(c);
    }
}

/* ---- the loop ---- */

/* Waits for events, at most until something is due. */
static int wait_for_events(struct epoll_event *events, int64_t now) {
    int64_t until = clock_started ? (measuring ? measure_to : measure_from) : now + 1000000000;
    if (clock_started && mode_is("open") && free_head != free_tail && due < until)
        until = due;
    int64_t left = until > now ? until - now : 0;
    struct timespec timeout = {left / 1000000000, left % 1000000000};
    return epoll_pwait2(epoll_fd, events, EVENTS, &timeout, NULL);
}

static void run(void) {
    struct epoll_event events[EVENTS];
    int64_t deadline = now_ns() + (int64_t) ((option.warmup + option.seconds + 60) * 1e9);
    while (!done) {
        int64_t now = now_ns();
        if (now > deadline)
            fail("not done in time");
        if (clock_started && !mode_is("first")) {
            if (mode_is("idle"))
                return;
            if (!measuring && now >= measure_from)
                begin_measuring();
            else if (measuring && (now >= measure_to || asked_to_end))
                print_result(now);
            if (mode_is("open"))
                pace(now);
        }
        int n = done ? 0 : wait_for_events(events, now);
        for (int i = 0; i < n; i++)
            handle(events[i].data.ptr, events[i].events);
    }
}

static void read_option(const char *key, const char *value) {
    if (!strcmp(key, "mode")) option.mode = value;
    else if (!strcmp(key, "protocol")) option.protocol = value;
    else if (!strcmp(key, "query")) option.query = value;
    else if (!strcmp(key, "user")) option.user = value;
    else if (!strcmp(key, "password")) option.password = value;
    else if (!strcmp(key, "database")) option.database = value;
    else if (!strcmp(key, "watch")) option.watch = value;
    else if (!strcmp(key, "port")) option.port = atoi(value);
    else if (!strcmp(key, "clients")) option.clients = atoi(value);
    else if (!strcmp(key, "pipeline")) option.pipeline = atoi(value);
    else if (!strcmp(key, "tls")) option.tls = atoi(value);
    else if (!strcmp(key, "wait")) option.wait = atoi(value);
    else if (!strcmp(key, "interval")) option.interval = atoi(value);
    else if (!strcmp(key, "width")) option.width = atoi(value);
    else if (!strcmp(key, "seconds")) option.seconds = atof(value);
    else if (!strcmp(key, "warmup")) option.warmup = atof(value);
    else if (!strcmp(key, "rate")) option.rate = atof(value);
    else if (!strcmp(key, "copy")) option.copy = strtoull(value, NULL, 10);
    else fail("unknown option %s", key);
}

static void ask_to_end(int signal) {
    (void) signal;
    asked_to_end = 1;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals)
            fail("not key=value: %s", argv[i]);
        *equals = 0;
        read_option(argv[i], equals + 1);
    }
    if (option.port == 0 || option.clients < 1 || (mode_is("open") && option.rate <= 0))
        fail("needs port=, clients= and, in an open loop, rate=");
    prepare_tls();
    /* Wake up when asked to, not up to 50 us later. */
    prctl(PR_SET_TIMERSLACK, 1);
    signal(SIGTERM, ask_to_end);
    clients = calloc((size_t) option.clients, sizeof *clients);
    free_ring = calloc((size_t) option.clients, sizeof *free_ring);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    read_watch_list();
    build_requests();
    if (option.copy > 0)
        build_copy();
    while (begun < option.clients && connecting < CONNECTING_AT_ONCE)
        next_connection();
    run();
    if (mode_is("idle"))
        while (read(0, request, sizeof request) > 0)
            ;
    return 0;
}
