package io.sluice.proxy.server;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The values of the tracked parameters in the session of a server: what PostgreSQL reports, and
 * what we have set of those that it does not report. Confined to the event loop.
 */
@HotPath
public final class ServerVars {
  /** Stands for a value that may have been changed unnoticed: no client can send a NUL. */
  private static final String UNKNOWN = "\0";

  private final TrackedParameters tracked;

  /** What the session has, or will have when it has run what was sent; null as it was made. */
  private final @Nullable String[] values;

  /** What PostgreSQL has said last; null where it says nothing. */
  private final @Nullable String[] reported;

  public ServerVars(TrackedParameters tracked) {
    this.tracked = tracked;
    this.values = new @Nullable String[tracked.count()];
    this.reported = new @Nullable String[tracked.count()];
  }

  /** Notes a value that PostgreSQL has reported. */
  public void report(int index, String value) {
    reported[index] = value;
    if (!value.equals(values[index])) {
      values[index] = value;
    }
  }

  /** Takes over the values of the session that this one goes on with. */
  void copy(ServerVars before) {
    System.arraycopy(before.values, 0, values, 0, values.length);
    System.arraycopy(before.reported, 0, reported, 0, reported.length);
  }

  /** Holds what equals the usual values in the same objects as the clients that have them. */
  public void share(SessionVars usual) {
    for (int i = 0; i < values.length; i++) {
      String value = usual.get(i);
      if (value != null && value.equals(values[i])) {
        values[i] = value;
      }
    }
  }

  /** Says whether PostgreSQL reports a parameter: its release may be too old for that. */
  public boolean isReported(int index) {
    return reported[index] != null;
  }

  public @Nullable String get(int index) {
    return values[index];
  }

  /** The names behind the positions. */
  public TrackedParameters tracked() {
    return tracked;
  }

  /** Says whether a server with these values serves a client with those. */
  public boolean suits(SessionVars client) {
    for (int i = 0; i < values.length; i++) {
      if (differs(i, client)) {
        return false;
      }
    }
    return true;
  }

  private boolean differs(int index, SessionVars client) {
    String mine = values[index];
    String wanted = client.get(index);
    if (wanted == null) {
      return mine != null && reported[index] == null;
    }
    // Mostly the same object, which makes this cheap, see share().
    return !wanted.equals(mine);
  }

  /** The statements that give a server with these values those of the client. */
  public String changesFor(SessionVars client) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (differs(i, client)) {
        change(sql, tracked.name(i), client.get(i));
      }
    }
    return sql.toString();
  }

  private static void change(StringBuilder sql, String name, @Nullable String value) {
    if (value == null) {
      sql.append("RESET ").append(name);
    } else if (isList(name)) {
      // SET with one quoted value would make one name of it.
      sql.append("SELECT pg_catalog.set_config('").append(name).append("',");
      quote(sql, value);
      sql.append(",false)");
    } else {
      sql.append("SET ").append(name).append('=');
      quote(sql, value);
    }
    sql.append(';');
  }

  /** The parameters that sessions may set and whose value is a list of quoted names. */
  private static boolean isList(String name) {
    return name.equalsIgnoreCase("search_path")
        || name.equalsIgnoreCase("temp_tablespaces")
        || name.equalsIgnoreCase("local_preload_libraries");
  }

  /** Takes the client's values: they were just sent. */
  public void assume(SessionVars client) {
    for (int i = 0; i < values.length; i++) {
      String wanted = client.get(i);
      if (wanted != null || reported[i] == null) {
        values[i] = wanted;
      }
    }
  }

  /** PostgreSQL has run what was sent; it says nothing where it reads another value as its own. */
  void accept() {
    for (int i = 0; i < values.length; i++) {
      if (reported[i] != null) {
        values[i] = reported[i];
      }
    }
  }

  /** Gives a client, whose values the server has accepted, the spelling of PostgreSQL. */
  public void spell(SessionVars client) {
    for (int i = 0; i < values.length; i++) {
      String spelled = reported[i];
      if (spelled != null && client.get(i) != null) {
        client.set(i, spelled);
      }
    }
    client.prove();
  }

  /** All parameters are as in a new session. */
  void discarded() {
    for (int i = 0; i < values.length; i++) {
      if (reported[i] == null) {
        values[i] = null;
      }
    }
  }

  /** Some parameters are as in a new session. */
  void reset() {
    for (int i = 0; i < values.length; i++) {
      if (reported[i] == null && values[i] != null) {
        values[i] = UNKNOWN;
      }
    }
  }

  private static void quote(StringBuilder sql, String value) {
    if (isPlain(value)) {
      sql.append('\'').append(value).append('\'');
      return;
    }
    // Pure ASCII: in some client encodings the second byte of a character may look like a
    // backslash, and would then take the escaping apart.
    sql.append("E'");
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      escape(sql, value.codePointAt(i));
    }
    sql.append('\'');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\'' || c == '\\' || c >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static void escape(StringBuilder sql, int codePoint) {
    if (codePoint == '\'' || codePoint == '\\') {
      sql.append((char) codePoint).append((char) codePoint);
    } else if (codePoint < 0x80) {
      sql.append((char) codePoint);
    } else {
      sql.append(String.format("\\U%08X", codePoint));
    }
  }
}
