/**
 * Connections as bytes: event loop, inbound handler, listeners, socket options, name resolution.
 * Nothing here knows what a client, a server or a pool is.
 */
@NullMarked
package io.sluice.proxy.net;

import org.jspecify.annotations.NullMarked;
