/**
 * What statements leave behind in a session, beyond their transaction: how it is noticed in their
 * text, and how it is taken away. No connections.
 */
@NullMarked
package io.sluice.proxy.session;

import org.jspecify.annotations.NullMarked;
