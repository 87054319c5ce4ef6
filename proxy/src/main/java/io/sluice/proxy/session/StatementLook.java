package io.sluice.proxy.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.proxy.HotPath;
import java.nio.charset.StandardCharsets;

/**
 * Tells from the first words of a statement what it leaves behind in the session.
 *
 * <p>Most statements are known to leave nothing after their first word, or after the first letter
 * of their second. What functions and {@code DO} blocks do, and {@code SELECT … INTO TEMP}, is not
 * seen. Keeps no text. Confined to the event loop.
 */
@HotPath
public final class StatementLook {
  /** The statement leaves nothing. */
  public static final int NOTHING = 0;

  /** The statement gives an advisory lock back. */
  public static final int UNLOCKS = 1 << 16;

  /** The statement ends listening: UNLISTEN, or DISCARD ALL. */
  public static final int UNLISTENS = 1 << 17;

  /** The statement drops one prepared statement, by its name: DEALLOCATE. */
  public static final int DEALLOCATES = 1 << 18;

  /** The statement runs one that was prepared in SQL: EXECUTE. */
  public static final int EXECUTES = 1 << 19;

  /** The part of a result that is a set of {@link StateKind}. */
  public static final int KINDS = 0xFFFF;

  private static final byte[] SELECT = word("select");
  private static final byte[] SET = word("set");
  private static final byte[] CREATE = word("create");
  private static final byte[] DECLARE = word("declare");
  static final byte[] LISTEN = word("listen");
  static final byte[] UNLISTEN = word("unlisten");
  static final byte[] DEALLOCATE = word("deallocate");
  static final byte[] DISCARD = word("discard");
  private static final byte[] ALL = word("all");
  private static final byte[] LOAD = word("load");
  static final byte[] PREPARE = word("prepare");
  static final byte[] EXECUTE = word("execute");
  private static final byte[] TRANSACTION = word("transaction");
  private static final byte[] PG_CATALOG = word("pg_catalog");
  private static final byte[] SET_CONFIG = word("set_config");
  private static final byte[] TRUE = word("true");
  private static final byte[] LOCK = word("pg_advisory_lock");
  private static final byte[] LOCK_SHARED = word("pg_advisory_lock_shared");
  private static final byte[] TRY_LOCK = word("pg_try_advisory_lock");
  private static final byte[] TRY_LOCK_SHARED = word("pg_try_advisory_lock_shared");
  private static final byte[] UNLOCK = word("pg_advisory_unlock");
  private static final byte[] UNLOCK_SHARED = word("pg_advisory_unlock_shared");
  private static final byte[] SESSION = word("session");
  private static final byte[] LOCAL = word("local");
  private static final byte[] CONSTRAINTS = word("constraints");
  private static final byte[] AUTHORIZATION = word("authorization");
  private static final byte[] CHARACTERISTICS = word("characteristics");
  private static final byte[] NAMES = word("names");
  private static final byte[] TIME = word("time");
  private static final byte[] EXTRA_FLOAT_DIGITS = word("extra_float_digits");
  private static final byte[] OR = word("or");
  private static final byte[] REPLACE = word("replace");
  private static final byte[] GLOBAL = word("global");
  private static final byte[] TEMP = word("temp");
  private static final byte[] TEMPORARY = word("temporary");
  private static final byte[] ON = word("on");
  private static final byte[] COMMIT = word("commit");
  private static final byte[] DROP = word("drop");
  private static final byte[] WITH = word("with");
  private static final byte[] HOLD = word("hold");
  private static final byte[] FOR = word("for");

  private static final TrackedNames NONE = name -> false;

  private final SqlWords words = new SqlWords(Unpooled.EMPTY_BUFFER);
  private TrackedNames tracked = NONE;

  private static byte[] word(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Looks at the text of a simple query, which may hold several statements.
   *
   * @param follows the parameters that follow the client
   * @return a set of {@link StateKind} bits, perhaps with {@link #UNLOCKS}, {@link #UNLISTENS} or
   *     {@link #DEALLOCATES}
   */
  public int query(TrackedNames follows, ByteBuf view, int start, int end) {
    int semicolon = view.indexOf(start, end, (byte) ';');
    if (semicolon < 0) {
      return statement(follows, view, start, end);
    }
    int found = NOTHING;
    int from = start;
    while (from < end) {
      words.begin(view, from, end);
      words.skipStatement();
      int to = words.position();
      found |= statement(follows, view, from, to);
      from = to + 1;
    }
    return found;
  }

  /** Looks at the text of one statement. */
  public int statement(TrackedNames follows, ByteBuf view, int start, int end) {
    tracked = follows;
    words.begin(view, start, end);
    if (!words.next()) {
      return NOTHING;
    }
    int found =
        switch (words.initial()) {
          case 's' -> selectOrSet();
          case 'c' -> words.is(CREATE) ? create() : NOTHING;
          case 'd' -> dropOrDeclare();
          case 'l' -> listenOrLoad();
          case 'u' -> words.is(UNLISTEN) ? UNLISTENS : NOTHING;
          case 'p' -> words.is(PREPARE) ? prepare() : NOTHING;
          case 'e' -> words.is(EXECUTE) ? EXECUTES : NOTHING;
          default -> NOTHING;
        };
    words.begin(Unpooled.EMPTY_BUFFER, 0, 0);
    tracked = NONE;
    return found;
  }

  private int listenOrLoad() {
    if (words.is(LISTEN)) {
      return StateKind.LISTEN.bit();
    }
    return words.is(LOAD) ? StateKind.LIBRARY.bit() : NOTHING;
  }

  private int dropOrDeclare() {
    if (words.is(DECLARE)) {
      return isHeld() ? StateKind.CURSOR.bit() : NOTHING;
    }
    if (words.is(DEALLOCATE)) {
      return DEALLOCATES;
    }
    return words.is(DISCARD) && words.next() && words.is(ALL) ? UNLISTENS : NOTHING;
  }

  /** PREPARE TRANSACTION is another matter: a prepared transaction belongs to no session. */
  private int prepare() {
    return words.next() && words.is(TRANSACTION) ? NOTHING : StateKind.PREPARED.bit();
  }

  private int selectOrSet() {
    if (words.is(SELECT)) {
      return select();
    }
    return words.is(SET) ? set() : NOTHING;
  }

  // ---- SELECT

  private int select() {
    if (!words.next()) {
      return NOTHING;
    }
    byte initial = words.initial();
    if (initial != 'p' && initial != 's') {
      return NOTHING;
    }
    if (words.is(PG_CATALOG) && words.peek() == '.') {
      words.skip();
      words.next();
    }
    if (words.is(SET_CONFIG)) {
      return isAllLocal() ? NOTHING : StateKind.PARAMETER.bit();
    }
    if (words.is(LOCK)
        || words.is(TRY_LOCK)
        || words.is(LOCK_SHARED)
        || words.is(TRY_LOCK_SHARED)) {
      return StateKind.LOCK.bit();
    }
    return words.is(UNLOCK) || words.is(UNLOCK_SHARED) ? UNLOCKS : NOTHING;
  }

  /** Says whether each set_config of a list ends with {@code true)}. */
  private boolean isAllLocal() {
    int calls = 1;
    int local = 0;
    while (words.peek() != 0) {
      if (!words.next()) {
        words.skip();
      } else if (words.is(SET_CONFIG)) {
        calls++;
      } else if (words.is(TRUE) && words.peek() == ')') {
        local++;
      }
    }
    return local >= calls;
  }

  // ---- SET

  private int set() {
    if (!words.next()) {
      return StateKind.PARAMETER.bit();
    }
    if (words.is(LOCAL) || words.is(TRANSACTION) || words.is(CONSTRAINTS)) {
      return NOTHING;
    }
    if (words.is(SESSION)) {
      boolean named = words.next();
      if (named && words.is(AUTHORIZATION)) {
        return tracked.contains("session_authorization") ? NOTHING : StateKind.PARAMETER.bit();
      }
      if (!named || words.is(CHARACTERISTICS)) {
        return StateKind.PARAMETER.bit();
      }
    }
    return followsItsClient() ? NOTHING : StateKind.PARAMETER.bit();
  }

  /** Says whether the parameter that SET names is given to each server that the client gets. */
  private boolean followsItsClient() {
    if (words.is(NAMES) || words.is(TIME)) {
      // SET NAMES is client_encoding, SET TIME ZONE is TimeZone.
      return true;
    }
    if (words.is(EXTRA_FLOAT_DIGITS)) {
      return printsFloatsExactly();
    }
    String name = words.text();
    return words.peek() != '.' && tracked.contains(name);
  }

  /** From PostgreSQL 12 on, all values above 0 mean the default. Drivers set 2 or 3. */
  private boolean printsFloatsExactly() {
    byte sign = words.peek();
    if (sign == '=') {
      words.skip();
    } else {
      words.next();
    }
    byte digit = words.peek();
    return digit >= '1' && digit <= '9';
  }

  // ---- CREATE, DECLARE

  private int create() {
    while (words.next()) {
      if (words.is(TEMP) || words.is(TEMPORARY)) {
        return isDroppedAtCommit() ? NOTHING : StateKind.TEMPORARY.bit();
      }
      boolean goesOn = words.is(OR) || words.is(REPLACE) || words.is(GLOBAL) || words.is(LOCAL);
      if (!goesOn) {
        return NOTHING;
      }
    }
    return NOTHING;
  }

  private boolean isDroppedAtCommit() {
    int matched = 0;
    while (words.peek() != 0) {
      if (!words.next()) {
        words.skip();
        matched = 0;
      } else if (matched == 2 && words.is(DROP)) {
        return true;
      } else if (matched == 1 && words.is(COMMIT)) {
        matched = 2;
      } else {
        matched = words.is(ON) ? 1 : 0;
      }
    }
    return false;
  }

  /** Says whether a cursor is declared WITH HOLD: before the FOR that begins its query. */
  private boolean isHeld() {
    boolean with = false;
    while (words.peek() != 0) {
      if (!words.next()) {
        words.skip();
        with = false;
      } else if (with && words.is(HOLD)) {
        return true;
      } else if (words.is(FOR)) {
        return false;
      } else {
        with = words.is(WITH);
      }
    }
    return false;
  }
}
