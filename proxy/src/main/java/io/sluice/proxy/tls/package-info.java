/**
 * TLS for connections of both sides: settings, keys and certificates from PEM files, whom to trust,
 * contexts that are built whole and replaced, and what a finished handshake has shown. Knows no
 * PostgreSQL messages and no connections.
 */
@NullMarked
package io.sluice.proxy.tls;

import org.jspecify.annotations.NullMarked;
