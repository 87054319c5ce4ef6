/** Papers that are written from the table of settings, so that they can not grow stale. */
@NullMarked
package io.sluice.config.doc;

import org.jspecify.annotations.NullMarked;
