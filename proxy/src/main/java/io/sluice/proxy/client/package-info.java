/** One connection from an application: startup, authentication, queries, cancel requests. */
@NullMarked
package io.sluice.proxy.client;

import org.jspecify.annotations.NullMarked;
