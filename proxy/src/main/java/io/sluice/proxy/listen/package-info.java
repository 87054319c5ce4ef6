/**
 * LISTEN for clients that share servers: one connection per database listens for all of them, and
 * hands each notification to those who asked for its channel. Knows no statements and no clients.
 */
@NullMarked
package io.sluice.proxy.listen;

import org.jspecify.annotations.NullMarked;
