/**
 * A real PostgreSQL in a temporary directory: where its binaries come from, how it is started,
 * stopped, killed and started again. Never leaves a process or a directory behind.
 */
@NullMarked
package io.sluice.demo.postgres;

import org.jspecify.annotations.NullMarked;
