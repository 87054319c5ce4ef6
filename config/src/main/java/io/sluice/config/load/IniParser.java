package io.sluice.config.load;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Parsed;
import io.sluice.config.value.Origin;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits PgBouncer's ini dialect into sections and items and follows {@code %include}. Comments
 * start a line with {@code ;} or {@code #}; a value runs to the end of its line. A line that makes
 * no sense is reported and skipped.
 *
 * @see "PgBouncer's manual, configuration file format"
 */
final class IniParser {
  private static final String INCLUDE = "%include";

  /** As deep as PgBouncer goes. */
  private static final int MAX_DEPTH = 10;

  private final Sink sink;
  private final List<Problem> problems;

  IniParser(Sink sink, List<Problem> problems) {
    this.sink = sink;
    this.problems = problems;
  }

  /** Receives what stands in the files, in order. */
  interface Sink {
    /** A section starts. */
    void section(String name, Origin origin);

    /** An item of the current section. */
    void item(String key, String value, Origin origin);
  }

  /**
   * Parses one file and what it includes.
   *
   * @param file the name for problems
   * @param directory where to look for included files after the current directory, or null
   */
  void parse(String text, String file, @Nullable Path directory) {
    parse(text, file, directory, 0);
  }

  private void parse(String text, String file, @Nullable Path directory, int depth) {
    int line = 0;
    for (String content : text.split("\n", -1)) {
      line++;
      Origin origin = new Origin(file, line);
      if (content.indexOf(TextFile.REPLACEMENT) >= 0 && !isComment(content.strip())) {
        report(origin, "the line is not UTF-8", "save the file as UTF-8");
      }
      line(content.strip(), origin, directory, depth);
    }
  }

  private void line(String content, Origin origin, @Nullable Path directory, int depth) {
    String rest = content;
    while (rest.startsWith("[")) {
      int end = rest.indexOf(']');
      if (end < 0) {
        report(origin, "the section name does not end", "a ] is missing");
        return;
      }
      sink.section(rest.substring(1, end), origin);
      rest = rest.substring(end + 1).strip();
    }
    if (rest.isEmpty() || isComment(rest)) {
      return;
    }
    if (isInclude(rest)) {
      include(rest.substring(INCLUDE.length()).strip(), origin, directory, depth);
    } else {
      item(rest, origin);
    }
  }

  private static boolean isComment(String content) {
    return content.startsWith(";") || content.startsWith("#");
  }

  private static boolean isInclude(String content) {
    return content.startsWith(INCLUDE)
        && content.length() > INCLUDE.length()
        && Character.isWhitespace(content.charAt(INCLUDE.length()));
  }

  private void include(String name, Origin origin, @Nullable Path directory, int depth) {
    if (depth >= MAX_DEPTH) {
      report(origin, "files are included more than 10 deep", "does a file include itself?");
      return;
    }
    Path path = find(name, directory);
    Parsed<String> read = path == null ? Parsed.bad("not a file name") : TextFile.read(path);
    if (path != null && read instanceof Parsed.Good<String> good) {
      parse(good.value(), path.toString(), path.getParent(), depth + 1);
    } else if (read instanceof Parsed.Bad<String> bad) {
      problems.add(Problem.error(origin, INCLUDE, name, bad.sentence(), null));
    }
  }

  /** Looks in the current directory, as PgBouncer does, then beside the including file. */
  private static @Nullable Path find(String name, @Nullable Path directory) {
    try {
      Path path = Path.of(name);
      return directory == null || Files.exists(path) ? path : directory.resolve(path);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private void item(String content, Origin origin) {
    int keyEnd = keyEnd(content);
    int equals = keyEnd;
    while (equals < content.length() && Character.isWhitespace(content.charAt(equals))) {
      equals++;
    }
    if (keyEnd <= 0 || equals == content.length() || content.charAt(equals) != '=') {
      report(
          origin, "expected key = value", keyEnd <= 0 ? "quote unusual names" : "an = is missing");
      return;
    }
    String key = unquote(content.substring(0, keyEnd));
    if (key.isEmpty()) {
      report(origin, "the name is empty", null);
      return;
    }
    sink.item(key, content.substring(equals + 1).strip(), origin);
  }

  /** Returns the end of the key at the start of a line, or 0 if there is none. */
  private static int keyEnd(String content) {
    char first = content.charAt(0);
    if (first == '\'') {
      return content.indexOf('\'', 1) + 1;
    }
    if (first == '"') {
      return doubleQuotedEnd(content);
    }
    int end = 0;
    while (end < content.length() && isKeyLetter(content.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int doubleQuotedEnd(String content) {
    int end = content.indexOf('"', 1);
    while (end >= 0 && end + 1 < content.length() && content.charAt(end + 1) == '"') {
      end = content.indexOf('"', end + 2);
    }
    return end + 1;
  }

  private static boolean isKeyLetter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_.-*".indexOf(c) >= 0;
  }

  private static String unquote(String key) {
    if (key.startsWith("'")) {
      return key.substring(1, key.length() - 1);
    }
    if (key.startsWith("\"")) {
      return key.substring(1, key.length() - 1).replace("\"\"", "\"");
    }
    return key;
  }

  private void report(Origin origin, String sentence, @Nullable String hint) {
    problems.add(Problem.error(origin, "", null, sentence, hint));
  }
}
