/**
 * A whole configuration as immutable values: typed settings, databases, users and peers. How text
 * becomes values is the business of the loaders.
 */
@NullMarked
package io.sluice.config.value;

import org.jspecify.annotations.NullMarked;
