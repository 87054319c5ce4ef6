/**
 * Pools and lanes: leasing servers to waiters, launching and closing servers, limits, time-outs of
 * servers and waiters, cancel requests.
 */
@NullMarked
package io.sluice.proxy.pool;

import org.jspecify.annotations.NullMarked;
