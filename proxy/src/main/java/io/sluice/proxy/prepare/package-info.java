/**
 * Maps of named prepared statements: the shared registry, what a client has named, what a server
 * holds. No connections.
 */
@NullMarked
package io.sluice.proxy.prepare;

import org.jspecify.annotations.NullMarked;
