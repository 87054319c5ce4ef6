/**
 * Reads configuration files: PgBouncer's ini dialect and HOCON, environment overrides and secrets
 * kept in files. Every mistake is collected; nothing is thrown at the caller.
 */
@NullMarked
package io.sluice.config.load;

import org.jspecify.annotations.NullMarked;
