package io.sluice.proxy.auth.hba;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which names of the system, or of certificates, may be which users: the lines of an ident file,
 * {@code map-name system-name user}. Immutable.
 *
 * @see <a href="https://www.postgresql.org/docs/current/auth-username-maps.html">User name maps</a>
 */
public final class IdentMaps {
  /** No map at all. */
  static final IdentMaps NONE = new IdentMaps(List.of());

  private static final int FIELDS = 3;
  private static final String GROUP = "\\1";

  private final List<Entry> entries;

  private IdentMaps(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * A line.
   *
   * @param expression the system name as an expression, or null when it is a plain name
   */
  private record Entry(
      String map,
      HbaToken systemName,
      @Nullable Pattern expression,
      NamePattern user,
      HbaToken to) {

    boolean maps(String name, String wanted) {
      Pattern pattern = expression;
      if (pattern == null) {
        return systemName.text().equals(name) && user.matches(wanted);
      }
      Matcher matcher = pattern.matcher(name);
      if (!matcher.find()) {
        return false;
      }
      if (NamePattern.isExpression(to) || !to.text().contains(GROUP)) {
        return user.matches(wanted);
      }
      String group = matcher.groupCount() < 1 ? null : matcher.group(1);
      return group != null && replaceFirst(to.text(), group).equals(wanted);
    }

    private static String replaceFirst(String text, String group) {
      int at = text.indexOf(GROUP);
      return text.substring(0, at) + group + text.substring(at + GROUP.length());
    }
  }

  /** Reads a file; what is wrong is among the mistakes. */
  static IdentMaps read(Path file, Mistakes mistakes) {
    List<Entry> entries = new ArrayList<>();
    for (HbaLine line : new FileReader(mistakes).read(file)) {
      Entry entry = entry(line, mistakes);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return new IdentMaps(entries);
  }

  private static @Nullable Entry entry(HbaLine line, Mistakes mistakes) {
    if (line.fields().size() < FIELDS) {
      mistakes.add(line.place(), "missing entry at end of line");
      return null;
    }
    if (line.fields().stream().limit(FIELDS).anyMatch(field -> field.size() != 1)) {
      mistakes.add(line.place(), "multiple values in ident field");
      return null;
    }
    HbaToken map = line.fields().get(0).get(0);
    HbaToken systemName = line.fields().get(1).get(0);
    HbaToken user = line.fields().get(2).get(0);
    try {
      boolean isExpression = NamePattern.isExpression(systemName);
      Pattern expression = isExpression ? NamePattern.compile(systemName) : null;
      if (asksForMissingGroup(expression, user)) {
        mistakes.add(line.place(), "\\1 needs a group in parentheses in \"" + systemName + "\"");
        return null;
      }
      NamePattern pattern = RuleParser.user(user);
      if (pattern == null) {
        mistakes.add(line.place(), RuleParser.MEMBERSHIP);
        return null;
      }
      return new Entry(map.text(), systemName, expression, pattern, user);
    } catch (PatternSyntaxException broken) {
      mistakes.add(line.place(), "invalid regular expression: " + broken.getMessage());
      return null;
    }
  }

  private static boolean asksForMissingGroup(@Nullable Pattern expression, HbaToken user) {
    return expression != null
        && !NamePattern.isExpression(user)
        && user.text().contains(GROUP)
        && expression.groupCount() < 1;
  }

  /** Says whether there is a map of that name. */
  boolean has(String map) {
    return entries.stream().anyMatch(entry -> entry.map().equals(map));
  }

  /**
   * Says whether somebody may log in as a user.
   *
   * @param map the map, or null when the names have to be the same
   * @param systemName the name that the system or the certificate vouches for
   */
  public boolean allows(@Nullable String map, String systemName, String user) {
    if (map == null) {
      return systemName.equals(user);
    }
    return entries.stream()
        .anyMatch(entry -> entry.map().equals(map) && entry.maps(systemName, user));
  }
}
