package io.sluice.proxy.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The user list ({@code auth_file}): one {@code "user" "secret"} a line.
 *
 * <p>A doubled quote inside quotes is a quote; what follows the second field is ignored; a line
 * that begins with {@code ;} is a comment. All or nothing: a list with a mistake is refused whole.
 */
public final class AuthFile {
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_USER_BYTES = 127;
  private static final int MAX_SECRET_BYTES = 65_530;
  private static final int MAX_PROBLEMS = 20;

  private final String name;
  private final Map<String, Credentials> secrets = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private AuthFile(String name) {
    this.name = name;
  }

  /** What reading a list gives. */
  public sealed interface Result {}

  /**
   * The list is good.
   *
   * @param secrets the secret of each user
   */
  public record Loaded(Map<String, Credentials> secrets) implements Result {}

  /**
   * The list is not used.
   *
   * @param problems {@code file:line: sentence}, without any secret
   */
  public record Refused(List<String> problems) implements Result {}

  /** Reads a file. */
  public static Result read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        return new Refused(List.of(file + ": auth_file is larger than 64 MiB"));
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      return new Refused(
          List.of(
              file
                  + ": auth_file cannot be read: "
                  + unreadable.getClass().getSimpleName()
                  + ": "
                  + unreadable.getMessage()));
    }
  }

  /** Reads a text as if it was a file of that name. */
  static Result parse(String name, String text) {
    AuthFile list = new AuthFile(name);
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length && list.problems.size() < MAX_PROBLEMS; i++) {
      list.line(i + 1, lines[i].strip());
    }
    return list.problems.isEmpty()
        ? new Loaded(Map.copyOf(list.secrets))
        : new Refused(List.copyOf(list.problems));
  }

  private void line(int number, String line) {
    if (line.isEmpty() || line.startsWith(";")) {
      return;
    }
    Field user = Field.at(line, 0);
    if (user == null) {
      report(number, "expected \"user\" \"secret\"");
      return;
    }
    Field secret = Field.at(line, user.end());
    if (secret == null) {
      report(number, "expected a secret in double quotes behind the user");
    } else if (bytes(user.value()) > MAX_USER_BYTES || user.value().isEmpty()) {
      report(number, "a user name has 1 to " + MAX_USER_BYTES + " bytes");
    } else if (bytes(secret.value()) > MAX_SECRET_BYTES) {
      report(number, "a secret has at most " + MAX_SECRET_BYTES + " bytes");
    } else {
      secrets.put(user.value(), new Credentials(secret.value()));
    }
  }

  private void report(int number, String sentence) {
    problems.add(name + ":" + number + ": broken auth file: " + sentence);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A quoted field of a line, and where the line goes on. */
  private record Field(String value, int end) {
    static @org.jspecify.annotations.Nullable Field at(String line, int from) {
      int i = from;
      while (i < line.length() && Character.isWhitespace(line.charAt(i))) {
        i++;
      }
      if (i >= line.length() || line.charAt(i) != '"') {
        return null;
      }
      StringBuilder value = new StringBuilder();
      for (i++; i < line.length(); i++) {
        char c = line.charAt(i);
        if (c != '"') {
          value.append(c);
        } else if (i + 1 < line.length() && line.charAt(i + 1) == '"') {
          value.append('"');
          i++;
        } else {
          return new Field(value.toString(), i + 1);
        }
      }
      return null;
    }
  }
}
