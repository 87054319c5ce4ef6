/**
 * Reads and writes the bytes of PostgreSQL's frontend/backend protocol, version 3.
 *
 * <p>Pure functions and small values over {@code ByteBuf}: no connections, no settings, no logging.
 * Only here <em>frontend</em> and <em>backend</em> are used, as the PostgreSQL manual uses them.
 * The writers live in {@code write}, the editing of prepared-statement names in {@code statement},
 * the password schemes in {@code md5} and {@code scram}.
 */
@NullMarked
package io.sluice.protocol;

import org.jspecify.annotations.NullMarked;
