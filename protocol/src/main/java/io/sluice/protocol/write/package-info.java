/**
 * Messages as bytes: one static method per message that a pooler sends, to PostgreSQL or to a
 * client.
 */
@NullMarked
package io.sluice.protocol.write;

import org.jspecify.annotations.NullMarked;
