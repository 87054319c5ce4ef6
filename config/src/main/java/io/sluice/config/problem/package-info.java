/** What can be wrong with a configuration, as values with a place, a sentence and a hint. */
@NullMarked
package io.sluice.config.problem;

import org.jspecify.annotations.NullMarked;
