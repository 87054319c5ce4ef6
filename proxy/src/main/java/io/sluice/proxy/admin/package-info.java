/**
 * The console: a database of its own in which an operator asks and commands. Here is the protocol;
 * what is asked lives in {@code show}, what is commanded in {@code command}.
 */
@NullMarked
package io.sluice.proxy.admin;

import org.jspecify.annotations.NullMarked;
