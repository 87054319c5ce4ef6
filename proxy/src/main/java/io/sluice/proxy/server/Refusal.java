package io.sluice.proxy.server;

import io.sluice.protocol.SqlState;

/**
 * Why somebody is turned away, as the client is told. Immutable.
 *
 * @param sqlState SQLSTATE, five characters
 * @param text the message
 */
public record Refusal(String sqlState, String text) {
  /** A refusal with PgBouncer's usual SQLSTATE. */
  public static Refusal of(String text) {
    return new Refusal(SqlState.PROTOCOL_VIOLATION, text);
  }
}
