@NullMarked
package io.sluice.protocol;

import org.jspecify.annotations.NullMarked;
