package io.sluice.proxy.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads the channels of LISTEN and UNLISTEN statements. Called for texts in which {@link
 * StatementLook} has seen one; names are taken as UTF-8. Confined to its event loop.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-syntax-lexical.html">Identifiers</a>
 */
public final class ListenText {
  /** NAMEDATALEN, less the NUL. */
  private static final int MAX_NAME_BYTES = 63;

  private final SqlWords words = new SqlWords(Unpooled.EMPTY_BUFFER);

  /** The statements of a text, in order. */
  public List<ListenCommand> read(ByteBuf view, int start, int end) {
    List<ListenCommand> found = new ArrayList<>();
    int from = start;
    while (from < end) {
      words.begin(view, from, end);
      words.skipStatement();
      int to = words.position();
      statement(view, from, to, found);
      from = to + 1;
    }
    words.begin(Unpooled.EMPTY_BUFFER, 0, 0);
    return found;
  }

  private void statement(ByteBuf view, int from, int to, List<ListenCommand> found) {
    words.begin(view, from, to);
    if (!words.next()) {
      return;
    }
    if (words.is(StatementLook.DISCARD)) {
      found.add(new ListenCommand(null, false));
      return;
    }
    boolean listens = words.is(StatementLook.LISTEN);
    if (!listens && !words.is(StatementLook.UNLISTEN)) {
      return;
    }
    byte first = words.peek();
    if (first == '*') {
      found.add(new ListenCommand(null, false));
    } else if (first == '"') {
      found.add(new ListenCommand(quoted(view, words.position() + 1, to), listens));
    } else {
      found.add(new ListenCommand(plain(view, words.position(), to), listens));
    }
  }

  /** Reads a name behind its opening quote. */
  static String quoted(ByteBuf view, int from, int to) {
    byte[] name = new byte[to - from];
    int length = 0;
    int at = from;
    while (at < to) {
      byte b = view.getByte(at++);
      if (b == '"') {
        if (at >= to || view.getByte(at) != '"') {
          break;
        }
        at++;
      }
      name[length++] = b;
    }
    return cut(Arrays.copyOf(name, length));
  }

  /** Reads a name without quotes. */
  static String plain(ByteBuf view, int from, int to) {
    int at = from;
    while (at < to && isPartOfName(view.getByte(at))) {
      at++;
    }
    byte[] name = new byte[at - from];
    view.getBytes(from, name);
    for (int i = 0; i < name.length; i++) {
      if (name[i] >= 'A' && name[i] <= 'Z') {
        name[i] = (byte) (name[i] + 'a' - 'A');
      }
    }
    return cut(name);
  }

  /** Says whether a name without quotes goes on. */
  static boolean isPartOfName(byte b) {
    return b < 0
        || b == '_'
        || b == '$'
        || (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z');
  }

  /** PostgreSQL cuts a long name, between two characters. */
  private static String cut(byte[] name) {
    int length = Math.min(name.length, MAX_NAME_BYTES);
    while (length < name.length && length > 0 && (name[length] & 0xC0) == 0x80) {
      length--;
    }
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  /** A name as it stands in a statement. */
  public static String quote(String channel) {
    return String.format(Locale.ROOT, "\"%s\"", channel.replace("\"", "\"\""));
  }
}
