/**
 * The inner pieces by themselves: what one step on the path of a query costs, where the load
 * generator only sees the sum. Run with {@code benchmarks/jmh}.
 */
@NullMarked
package io.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
