package io.sluice.proxy.server;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The values of the tracked parameters on one connection: what a client wants, or what a server
 * has. Confined to the event loop.
 */
@HotPath
public final class SessionVars {
  private final TrackedParameters tracked;
  private final @Nullable String[] values;
  private boolean proven = true;

  public SessionVars(TrackedParameters tracked) {
    this.tracked = tracked;
    this.values = new @Nullable String[tracked.count()];
  }

  /** Notes a value that PostgreSQL has reported. */
  public void set(int index, String value) {
    values[index] = value;
  }

  /**
   * Notes a value that a client asks for and no server has accepted yet.
   *
   * @see #isProven
   */
  public void wish(int index, String value) {
    values[index] = value;
    proven = false;
  }

  /** Notes that a server has accepted all values. */
  public void prove() {
    proven = true;
  }

  /** Says whether every value has been accepted by a server before. */
  public boolean isProven() {
    return proven;
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
    String wanted = client.values[index];
    // Mostly the same object, which makes this cheap: both come from the same welcome.
    return wanted != null && mine != null && !wanted.equals(mine);
  }

  /** The statements that give a server with these values those of the client. */
  public String changesFor(SessionVars client) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (differs(i, client)) {
        String wanted = client.values[i];
        change(sql, tracked.name(i), wanted == null ? "" : wanted);
      }
    }
    return sql.toString();
  }

  private static void change(StringBuilder sql, String name, String value) {
    if (name.equalsIgnoreCase("search_path")) {
      // A list of names: SET with one quoted value would make one name of it.
      sql.append("SELECT pg_catalog.set_config('search_path',");
      quote(sql, value);
      sql.append(",false);");
    } else {
      sql.append("SET ").append(name).append('=');
      quote(sql, value);
      sql.append(';');
    }
  }

  /** Takes the client's values: they were just sent. */
  public void assume(SessionVars client) {
    for (int i = 0; i < values.length; i++) {
      if (client.values[i] != null && values[i] != null) {
        values[i] = client.values[i];
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
