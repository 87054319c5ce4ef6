/**
 * A small blocking PostgreSQL client that shows every message: the load of the demonstration and
 * the raw client of the integration tests. It encodes and decodes on its own, so that a mistake in
 * the pooler's protocol code cannot hide behind the same mistake here; only the arithmetic of
 * passwords is shared.
 */
@NullMarked
package io.sluice.demo.wire;

import org.jspecify.annotations.NullMarked;
