/**
 * Child processes that never outlive this one: commands run to their end, signals, a watch that
 * tidies up when this JVM dies, and ways to give up root's rights. Knows nothing of PostgreSQL.
 */
@NullMarked
package io.sluice.demo.process;

import org.jspecify.annotations.NullMarked;
