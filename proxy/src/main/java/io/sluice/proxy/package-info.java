/**
 * The pooler. Its packages are layers: each may use only those that {@code docs/architecture.md}
 * lists above it.
 */
@NullMarked
package io.sluice.proxy;

import org.jspecify.annotations.NullMarked;
