/* How a client logs in, by any method that the poolers have; and TLS, if OpenSSL is there. */
#include "load.h"

#ifdef WITH_OPENSSL
static SSL_CTX *tls_context;
#endif

void prepare_tls(void) {
#ifdef WITH_OPENSSL
    tls_context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_read_ahead(tls_context, 1);
    SSL_CTX_set_session_cache_mode(tls_context, SSL_SESS_CACHE_OFF);
#else
    if (option.tls)
        fail("built without OpenSSL");
#endif
}

/* Returns what was read, 0 at the end, -1 when there is nothing now. */
ssize_t receive(struct client *c, void *to, size_t length) {
#ifdef WITH_OPENSSL
    if (c->ssl) {
        int n = SSL_read(c->ssl, to, (int) length);
        if (n > 0)
            return n;
        return SSL_get_error(c->ssl, n) == SSL_ERROR_WANT_READ ? -1 : 0;
    }
#endif
    ssize_t n = recv(c->fd, to, length, 0);
    return n < 0 && errno != EAGAIN ? 0 : n;
}

int more_pending(struct client *c) {
#ifdef WITH_OPENSSL
    return c->ssl && SSL_has_pending(c->ssl);
#else
    (void) c;
    return 0;
#endif
}

ssize_t transmit(struct client *c, const void *from, size_t length) {
#ifdef WITH_OPENSSL
    if (c->ssl) {
        int n = SSL_write(c->ssl, from, (int) length);
        return n > 0 ? n : -1;
    }
#endif
    return send(c->fd, from, length, MSG_NOSIGNAL);
}

void end_tls(struct client *c) {
#ifdef WITH_OPENSSL
    SSL_free(c->ssl);
    c->ssl = NULL;
#else
    (void) c;
#endif
}

/* Appends 'X' | int32 length | body at *at and moves it. */
void append(char **at, char type, const void *body, size_t length) {
    uint32_t wire = htonl((uint32_t) length + 4);
    *(*at)++ = type;
    memcpy(*at, &wire, 4);
    memcpy(*at + 4, body, length);
    *at += 4 + length;
}

#ifdef WITH_OPENSSL
static void hex_md5(const char *a, size_t a_bytes, const char *b, size_t b_bytes, char *hex) {
    unsigned char digest[16];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_md5(), NULL);
    EVP_DigestUpdate(context, a, a_bytes);
    EVP_DigestUpdate(context, b, b_bytes);
    EVP_DigestFinal_ex(context, digest, NULL);
    EVP_MD_CTX_free(context);
    for (int i = 0; i < 16; i++)
        sprintf(hex + 2 * i, "%02x", digest[i]);
}

static void md5_login(struct client *c, const char *salt) {
    char inner[33], outer[33], body[36] = "md5", *at = c->reply;
    hex_md5(option.password, strlen(option.password), option.user, strlen(option.user), inner);
    hex_md5(inner, 32, salt, 4, outer);
    memcpy(body + 3, outer, 32);
    append(&at, 'p', body, 36);
    put(c, c->reply, (size_t) (at - c->reply));
}

static void scram_first(struct client *c) {
    static unsigned count;
    char body[128], *at = c->reply;
    snprintf(c->nonce, sizeof c->nonce, "nonce%020u", ++count);
    int length = snprintf(body + 18, 100, "n,,n=,r=%s", c->nonce);
    uint32_t wire = htonl((uint32_t) length);
    memcpy(body, "SCRAM-SHA-256", 14);
    memcpy(body + 14, &wire, 4);
    append(&at, 'p', body, 18 + (size_t) length);
    put(c, c->reply, (size_t) (at - c->reply));
}

/* Keys of the last salt seen: a pooler has one secret per user, so they are made once. */
static void scram_keys(const char *salt64, int iterations, unsigned char *client_key, unsigned char *stored_key) {
    static char known[128];
    static unsigned char known_client[32], known_stored[32];
    if (strcmp(known, salt64) != 0) {
        unsigned char salt[128], salted[32];
        int salt_bytes = EVP_DecodeBlock(salt, (const unsigned char *) salt64, (int) strlen(salt64));
        for (size_t i = strlen(salt64); i > 0 && salt64[i - 1] == '='; i--)
            salt_bytes--;
        PKCS5_PBKDF2_HMAC(option.password, -1, salt, salt_bytes, iterations, EVP_sha256(), 32, salted);
        HMAC(EVP_sha256(), salted, 32, (const unsigned char *) "Client Key", 10, known_client, NULL);
        EVP_Digest(known_client, 32, known_stored, NULL, EVP_sha256(), NULL);
        snprintf(known, sizeof known, "%s", salt64);
    }
    memcpy(client_key, known_client, 32);
    memcpy(stored_key, known_stored, 32);
}

/* Answers the server's challenge. Its own proof is not checked: it is the pooler's work we count. */
static void scram_final(struct client *c, const char *challenge) {
    char nonce[256], salt[128], bare[300], message[900], proof64[64], body[400], *at = c->reply;
    unsigned char client_key[32], stored_key[32], signature[32];
    int iterations;
    if (sscanf(challenge, "r=%255[^,],s=%127[^,],i=%d", nonce, salt, &iterations) != 3)
        fail("cannot read the challenge %s", challenge);
    scram_keys(salt, iterations, client_key, stored_key);
    snprintf(bare, sizeof bare, "c=biws,r=%s", nonce);
    int length = snprintf(message, sizeof message, "n=,r=%s,%s,%s", c->nonce, challenge, bare);
    HMAC(EVP_sha256(), stored_key, 32, (unsigned char *) message, (size_t) length, signature, NULL);
    for (int i = 0; i < 32; i++)
        signature[i] ^= client_key[i];
    EVP_EncodeBlock((unsigned char *) proof64, signature, 32);
    length = snprintf(body, sizeof body, "%s,p=%s", bare, proof64);
    append(&at, 'p', body, (size_t) length);
    put(c, c->reply, (size_t) (at - c->reply));
}
#endif

void authenticate(struct client *c) {
    uint32_t code;
    memcpy(&code, c->body, 4);
    switch (ntohl(code)) {
    case 0: /* ok */
    case 12: return;
#ifdef WITH_OPENSSL
    case 5: md5_login(c, c->body + 4); return;
    case 10: scram_first(c); return;
    case 11: scram_final(c, c->body + 4); return;
#endif
    default: fail("the pooler asks for authentication %u, which this build does not know", ntohl(code));
    }
}

void start_login(struct client *c) {
    char *at = c->reply + 8;
    uint32_t wire;
    at += sprintf(at, "user") + 1;
    at += sprintf(at, "%s", option.user) + 1;
    at += sprintf(at, "database") + 1;
    at += sprintf(at, "%s", option.database) + 1;
    *at++ = 0;
    wire = htonl((uint32_t) (at - c->reply));
    memcpy(c->reply, &wire, 4);
    wire = htonl(196608);
    memcpy(c->reply + 4, &wire, 4);
    c->state = LOGIN;
    put(c, c->reply, (size_t) (at - c->reply));
}

void go_on_with_tls(struct client *c) {
#ifdef WITH_OPENSSL
    int result = SSL_connect(c->ssl);
    if (result == 1) {
        watch_write(c, 0);
        start_login(c);
        return;
    }
    int why = SSL_get_error(c->ssl, result);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        fail("TLS handshake failed");
    watch_write(c, why == SSL_ERROR_WANT_WRITE);
#else
    (void) c;
#endif
}

void start_tls(struct client *c) {
#ifdef WITH_OPENSSL
    char reply;
    ssize_t n = recv(c->fd, &reply, 1, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n != 1 || reply != 'S')
        fail("the pooler refuses TLS");
    c->ssl = SSL_new(tls_context);
    SSL_set_fd(c->ssl, c->fd);
    c->state = TLS_HANDSHAKE;
    go_on_with_tls(c);
#else
    (void) c;
#endif
}
