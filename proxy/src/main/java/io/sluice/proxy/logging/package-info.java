/**
 * How log lines look and where they go: standard error, a file, the system's log. Code that has
 * something to say uses SLF4J and knows nothing of this package; it is set up once at start and
 * again at every reload.
 */
@NullMarked
package io.sluice.proxy.logging;

import org.jspecify.annotations.NullMarked;
