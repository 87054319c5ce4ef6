/** Stand-ins for both ends of the relay: a PostgreSQL and a client that say what a test wants. */
@NullMarked
package io.sluice.proxy.fake;

import org.jspecify.annotations.NullMarked;
