/**
 * One connection to PostgreSQL: connecting, logging in, serving requests, running our own queries.
 * Who uses it is somebody else's matter (ReplySink, ServerOwner).
 */
@NullMarked
package io.sluice.proxy.server;

import org.jspecify.annotations.NullMarked;
