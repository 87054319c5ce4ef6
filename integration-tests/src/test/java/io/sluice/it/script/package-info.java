/**
 * Scripts of raw protocol messages: made by hand or from a seed, played against PostgreSQL,
 * replayed against a pooler that must answer alike, and reduced when it does not. Nothing here
 * knows Sluice.
 */
@NullMarked
package io.sluice.it.script;

import org.jspecify.annotations.NullMarked;
