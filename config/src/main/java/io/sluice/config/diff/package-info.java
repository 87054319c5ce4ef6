/** What changed between two configurations, so that a reload touches only that. */
@NullMarked
package io.sluice.config.diff;

import org.jspecify.annotations.NullMarked;
