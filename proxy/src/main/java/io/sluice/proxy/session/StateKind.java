package io.sluice.proxy.session;

import org.jspecify.annotations.Nullable;

/**
 * A kind of state that outlives the transaction that made it, and would be met by the next client
 * of the same server. Source: PostgreSQL manual, DISCARD.
 */
public enum StateKind {
  /** SET of a parameter that does not follow its client, SET ROLE, set_config(…, false). */
  PARAMETER(0, "parameter", "SET SESSION AUTHORIZATION DEFAULT;RESET ALL"),
  /** CREATE TEMPORARY … that is not dropped at commit. */
  TEMPORARY(1, "temporary", "DISCARD TEMP"),
  /** LISTEN. */
  LISTEN(2, "listen", "UNLISTEN *"),
  /** DECLARE … WITH HOLD. */
  CURSOR(3, "cursor", "CLOSE ALL"),
  /** pg_advisory_lock and its siblings, which are held until they are given back. */
  LOCK(4, "lock", "SELECT pg_catalog.pg_advisory_unlock_all()"),
  /** PREPARE, in SQL. */
  PREPARED(5, "prepared", "DEALLOCATE ALL"),
  /** LOAD: a library stays until the end of the session. */
  LIBRARY(6, "library", null);

  private final int place;
  private final String word;
  private final @Nullable String cure;

  StateKind(int place, String word, @Nullable String cure) {
    this.place = place;
    this.word = word;
    this.cure = cure;
  }

  /** The word in SHOW SESSION_STATE and in log lines. */
  public String word() {
    return word;
  }

  /** The statements that take the state away, or null if nothing does. */
  @Nullable String cure() {
    return cure;
  }

  /** The kind's place among all, from 0. */
  public int place() {
    return place;
  }

  /** The kind as a member of a set of kinds. */
  public int bit() {
    return 1 << place;
  }

  /** The kinds of a set, by their words. */
  public static String words(int set) {
    StringBuilder words = new StringBuilder();
    for (StateKind kind : values()) {
      if ((set & kind.bit()) != 0) {
        words.append(words.length() == 0 ? "" : ", ").append(kind.word);
      }
    }
    return words.toString();
  }
}
