/** The command line and the wiring. */
@NullMarked
package io.sluice.proxy.app;

import org.jspecify.annotations.NullMarked;
