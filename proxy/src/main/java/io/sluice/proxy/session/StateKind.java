package io.sluice.proxy.session;

import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of state that outlives the transaction that made it, and would be met by the next client
 * of the same server. Source: PostgreSQL manual, DISCARD.
 */
public enum StateKind {
  /** SET of a parameter that does not follow its client, SET ROLE, set_config(…, false). */
  PARAMETER(0, "parameter", "SET, or set_config", "SET SESSION AUTHORIZATION DEFAULT;RESET ALL"),
  /** CREATE TEMPORARY … that is not dropped at commit. */
  TEMPORARY(1, "temporary", "CREATE TEMPORARY", "DISCARD TEMP"),
  /** LISTEN. */
  LISTEN(2, "listen", "LISTEN", "UNLISTEN *"),
  /** DECLARE … WITH HOLD. */
  CURSOR(3, "cursor", "DECLARE WITH HOLD", "CLOSE ALL"),
  /** pg_advisory_lock and its siblings, which are held until they are given back. */
  LOCK(4, "lock", "pg_advisory_lock", "SELECT pg_catalog.pg_advisory_unlock_all()"),
  /** PREPARE, in SQL. */
  PREPARED(5, "prepared", "PREPARE", "DEALLOCATE ALL"),
  /** LOAD: a library stays until the end of the session. */
  LIBRARY(6, "library", "LOAD", null);

  private final int place;
  private final String word;
  private final String statement;
  private final @Nullable String cure;

  StateKind(int place, String word, String statement, @Nullable String cure) {
    this.place = place;
    this.word = word;
    this.statement = statement;
    this.cure = cure;
  }

  /** The word in SHOW SESSION_STATE and in log lines. */
  public String word() {
    return word;
  }

  /** What begins the statements that leave it. */
  String statement() {
    return statement;
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
    return list(set, StateKind::word);
  }

  /** The kinds of a set, with the statements that leave them: {@code PREPARE (prepared)}. */
  public static String statements(int set) {
    return list(set, kind -> kind.statement() + " (" + kind.word + ")");
  }

  private static String list(int set, Function<StateKind, String> text) {
    return Stream.of(values())
        .filter(kind -> (set & kind.bit()) != 0)
        .map(text)
        .collect(Collectors.joining(", "));
  }
}
