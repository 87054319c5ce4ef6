/**
 * The commands of the console: how they are written, who may give them, what they do. Replies are
 * values; nothing here knows the wire.
 */
@NullMarked
package io.sluice.proxy.admin.command;

import org.jspecify.annotations.NullMarked;
