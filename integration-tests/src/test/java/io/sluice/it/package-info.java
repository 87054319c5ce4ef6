/**
 * Sluice as a process before a real PostgreSQL, seen from outside: the fixtures, and one {@code
 * *IT} a theme. Nothing here looks into the proxy's classes.
 */
@NullMarked
package io.sluice.it;

import org.jspecify.annotations.NullMarked;
