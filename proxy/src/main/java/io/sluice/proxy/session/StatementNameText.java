package io.sluice.proxy.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the name of a prepared statement in {@code PREPARE name …}, {@code EXECUTE name …} and
 * {@code DEALLOCATE [PREPARE] name}. Called for texts in which {@link StatementLook} has seen one;
 * names are taken as UTF-8. Confined to its event loop.
 */
public final class StatementNameText {
  private static final String ALL = "all";
  private static final String PREPARE = "prepare";

  private final SqlWords words = new SqlWords(Unpooled.EMPTY_BUFFER);

  /**
   * The name in PREPARE or DEALLOCATE where that stands alone, or in an EXECUTE that the text
   * begins with; null for ALL.
   */
  public @Nullable String any(ByteBuf view, int start, int end) {
    String name = read(view, start, end, false);
    return name == null || name.isEmpty() ? null : name;
  }

  /** The name in DEALLOCATE; null for ALL, and when the text is anything but one such statement. */
  public byte @Nullable [] dropped(ByteBuf view, int start, int end) {
    String name = read(view, start, end, true);
    return name == null ? null : name.getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable String read(ByteBuf view, int start, int end, boolean dropsOnly) {
    words.begin(view, start, end);
    String name = null;
    boolean executes = false;
    if (words.next()) {
      if (words.is(StatementLook.DEALLOCATE)) {
        name = name(view, end);
      } else if (!dropsOnly) {
        executes = words.is(StatementLook.EXECUTE);
        name = executes || words.is(StatementLook.PREPARE) ? first(view, end) : null;
      }
    }
    boolean alone = executes || isEnd();
    words.begin(Unpooled.EMPTY_BUFFER, 0, 0);
    return alone ? name : null;
  }

  /** The name behind PREPARE or EXECUTE; what comes then may be anything. */
  private String first(ByteBuf view, int end) {
    String name = words.peek() == '"' ? quoted(view, end) : plain(view, end);
    words.skipStatement();
    return name;
  }

  private @Nullable String name(ByteBuf view, int end) {
    if (words.peek() == '"') {
      return quoted(view, end);
    }
    String name = plain(view, end);
    byte next = words.peek();
    if (name.equals(PREPARE) && next != 0 && next != ';') {
      if (next == '"') {
        return quoted(view, end);
      }
      name = plain(view, end);
    }
    return name.isEmpty() || name.equals(ALL) ? null : name;
  }

  private String quoted(ByteBuf view, int end) {
    int from = words.position() + 1;
    int to = from;
    while (to < end && (view.getByte(to) != '"' || isDoubled(view, to, end))) {
      to += view.getByte(to) == '"' ? 2 : 1;
    }
    words.begin(view, Math.min(to + 1, end), end);
    return ListenText.quoted(view, from, end);
  }

  private static boolean isDoubled(ByteBuf view, int quote, int end) {
    return quote + 1 < end && view.getByte(quote + 1) == '"';
  }

  private String plain(ByteBuf view, int end) {
    int from = words.position();
    int to = from;
    while (to < end && ListenText.isPartOfName(view.getByte(to))) {
      to++;
    }
    words.begin(view, to, end);
    return ListenText.plain(view, from, end);
  }

  private boolean isEnd() {
    if (words.peek() == ';') {
      words.skip();
    }
    return words.peek() == 0;
  }
}
