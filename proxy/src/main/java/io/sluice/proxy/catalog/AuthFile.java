package io.sluice.proxy.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The user list ({@code auth_file}): one {@code "user" "secret"} a line.
 *
 * <p>A doubled quote inside quotes is a quote; what follows the second field is ignored; a line
 * that begins with {@code ;} is a comment. Of two lines with the same user, the last counts. All or
 * nothing: a list with a mistake is refused whole.
 *
 * <p>PgBouncer takes the lines before the first mistake and calls that a success, and a name
 * without a secret takes the next line's name for one; neither is copied here.
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
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException unreadable) {
      return new Refused(List.of(file + ": auth_file " + sentence(unreadable)));
    }
  }

  private static String sentence(IOException unreadable) {
    if (unreadable instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (unreadable instanceof AccessDeniedException) {
      return "cannot be read: permission denied";
    }
    return "cannot be read: " + unreadable.getMessage();
  }

  /** Reads the bytes of a list as if it was a file of that name. */
  static Result parse(String name, byte[] bytes) {
    AuthFile list = new AuthFile(name);
    int start = 0;
    for (int number = 1; start <= bytes.length && list.hasPatience(); number++) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      list.line(number, ByteBuffer.wrap(bytes, start, end - start));
      start = end + 1;
    }
    return list.problems.isEmpty()
        ? new Loaded(Map.copyOf(list.secrets))
        : new Refused(List.copyOf(list.problems));
  }

  /** Reads a line; what it lacks is never looked for in the next one. */
  private void line(int number, ByteBuffer bytes) {
    String line = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().strip();
    if (line.isEmpty() || line.startsWith(";")) {
      return;
    }
    if (!isText(bytes)) {
      report(number, "a name and a secret are UTF-8 without zero bytes");
      return;
    }
    QuotedField user = QuotedField.at(line, 0);
    if (user == null) {
      report(number, "expected a user in double quotes");
      return;
    }
    QuotedField secret = QuotedField.at(line, user.end());
    if (secret == null) {
      report(number, "expected a secret in double quotes behind the user");
      return;
    }
    entry(number, user.value(), secret.value());
  }

  private static boolean isText(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).chars().noneMatch(c -> c == 0);
    } catch (CharacterCodingException broken) {
      return false;
    }
  }

  private void entry(int number, String user, String secret) {
    if (user.isEmpty() || bytes(user) > MAX_USER_BYTES) {
      report(number, "a user name has 1 to " + MAX_USER_BYTES + " bytes");
    } else if (bytes(secret) > MAX_SECRET_BYTES) {
      report(number, "a secret has at most " + MAX_SECRET_BYTES + " bytes");
    } else {
      secrets.put(user, new Credentials(secret));
    }
  }

  private boolean hasPatience() {
    return problems.size() <= MAX_PROBLEMS;
  }

  private void report(int number, String sentence) {
    problems.add(
        problems.size() < MAX_PROBLEMS
            ? name + ":" + number + ": broken auth file: " + sentence
            : name + ": more mistakes follow");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
