/**
 * Shows Sluice at work in one command: a PostgreSQL of its own, the pooler before it, a short load,
 * the proof and the lines to try it by hand. The pooler runs as a process of its own, as it would
 * in production; nothing of it is used here.
 */
@NullMarked
package io.sluice.demo;

import org.jspecify.annotations.NullMarked;
