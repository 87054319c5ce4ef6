/** Counters and averages. Plain numbers with a single writer; nothing here knows a connection. */
@NullMarked
package io.sluice.proxy.stats;

import org.jspecify.annotations.NullMarked;
