package io.sluice.proxy.session;

import org.jspecify.annotations.Nullable;

/**
 * A statement that begins or ends listening on a channel. Immutable.
 *
 * @param channel as PostgreSQL knows it; null for all channels ({@code UNLISTEN *}, DISCARD ALL)
 * @param listens whether listening begins
 */
public record ListenCommand(@Nullable String channel, boolean listens) {}
