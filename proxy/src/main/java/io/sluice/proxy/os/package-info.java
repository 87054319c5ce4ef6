/**
 * Calls into the operating system that the JDK does not offer: users, file limits, signal
 * dispositions, sessions and Unix datagrams. Nothing here knows what a pooler is; every call runs
 * at start, at a reload or at the end, never for a query. Linux and macOS, 64 bit.
 */
@NullMarked
package io.sluice.proxy.os;

import org.jspecify.annotations.NullMarked;
