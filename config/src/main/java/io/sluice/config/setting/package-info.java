/**
 * The table of settings: what each is called, which text it accepts, where it may stand and what it
 * does. Values, files and loaders live elsewhere.
 */
@NullMarked
package io.sluice.config.setting;

import org.jspecify.annotations.NullMarked;
