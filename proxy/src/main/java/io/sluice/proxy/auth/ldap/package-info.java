/**
 * Passwords that an LDAP directory checks: the options, and the questions. Waits for the network.
 */
@NullMarked
package io.sluice.proxy.auth.ldap;

import org.jspecify.annotations.NullMarked;
