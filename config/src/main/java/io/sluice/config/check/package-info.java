/**
 * Rules that look at more than one setting. What a single text may be is the business of the table
 * of settings; files, limits and PostgreSQL are looked at by the process itself.
 */
@NullMarked
package io.sluice.config.check;

import org.jspecify.annotations.NullMarked;
