/**
 * Who may enter: the methods by which a client proves who it is. Decides, never writes to a
 * connection.
 */
@NullMarked
package io.sluice.proxy.auth;

import org.jspecify.annotations.NullMarked;
