/**
 * The rules that say who may come from where, and how they prove who they are: files in the formats
 * of PostgreSQL's {@code pg_hba.conf} and {@code pg_ident.conf}. Reads and matches; proves nothing.
 */
@NullMarked
package io.sluice.proxy.auth.hba;

import org.jspecify.annotations.NullMarked;
