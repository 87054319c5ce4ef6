/** SCRAM-SHA-256, both sides. Pure functions over bytes; no connections. */
@NullMarked
package io.sluice.protocol.scram;

import org.jspecify.annotations.NullMarked;
