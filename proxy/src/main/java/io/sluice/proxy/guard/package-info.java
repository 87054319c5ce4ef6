/**
 * What addresses may do before somebody has logged in from them: counts of connections and of
 * logins that failed, and how much is written to the log about them. No connections, no passwords.
 */
@NullMarked
package io.sluice.proxy.guard;

import org.jspecify.annotations.NullMarked;
