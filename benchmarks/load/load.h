/* What the files of the load share: load.c sends and reads, login.c logs in, measure.c counts. */
#ifndef LOAD_H
#define LOAD_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_OPENSSL
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#endif

/* What is kept of an authentication or error message; the length of the last ReadyForQuery. */
enum { BODY_BYTES = 1024, TAIL = 6 };

enum state { OFF, TLS_ASKED, TLS_HANDSHAKE, LOGIN, PREPARE, FREE, BUSY };

struct client {
    int fd;
    enum state state;
    int watching_write;
    int answers_left;        /* ReadyForQuery still to come */
    int64_t since;           /* when the request was sent, or was due */
    const char *out;         /* what is still to be sent of a request */
    size_t out_left;
    uint64_t copy_left;      /* CopyData bytes still to be sent */
    uint64_t answer_bytes;   /* received of this answer, or still to come of a long one */
    int counting;            /* this answer is counted, not looked at */
    char type;               /* of the message being read */
    uint32_t head_len, body_left, body_len;
    char head[5];
    char tail[TAIL];         /* the last bytes of a long answer */
    char body[BODY_BYTES];   /* of authentication and error messages */
    char reply[BODY_BYTES];  /* what goes out during login */
    char nonce[32];
#ifdef WITH_OPENSSL
    SSL *ssl;
#endif
};

/* The command line; load.c says what each option means. */
struct options {
    const char *mode, *protocol, *query, *user, *password, *database, *watch;
    int port, clients, pipeline, tls, wait, interval, width;
    double seconds, warmup, rate;
    uint64_t copy;
};
extern struct options option;

/* load.c */
void put(struct client *c, const char *from, size_t length);
void watch_write(struct client *c, int write);

/* login.c */
void append(char **at, char type, const void *body, size_t length);
void prepare_tls(void);
void start_login(struct client *c);
void start_tls(struct client *c);
void go_on_with_tls(struct client *c);
void authenticate(struct client *c);
void end_tls(struct client *c);
ssize_t receive(struct client *c, void *to, size_t length);
ssize_t transmit(struct client *c, const void *from, size_t length);
int more_pending(struct client *c);

/* measure.c */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
int64_t now_ns(void);
int64_t own_cpu(void);
int64_t cpu_of(int pid);
void record(int64_t ns);
void forget_latencies(void);
uint64_t quantile(double part);

#endif
