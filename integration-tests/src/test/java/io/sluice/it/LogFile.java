package io.sluice.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A log that somebody else writes.
 *
 * @param path the file; it need not exist yet
 */
record LogFile(Path path) {
  /** Returns all lines so far. */
  List<String> lines() throws IOException {
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }

  /** Returns the lines so far in which a pattern is found. */
  List<String> matching(String regex) throws IOException {
    Pattern pattern = Pattern.compile(regex);
    return lines().stream().filter(line -> pattern.matcher(line).find()).toList();
  }

  /** Waits for a line in which a pattern is found, and returns the first. */
  String await(String regex) throws Exception {
    return await(regex, 1);
  }

  /** Waits until a pattern is found in {@code count} lines, and returns the last of them. */
  String await(String regex, int count) throws Exception {
    Eventually.await(
        "log has " + count + " x " + regex + " in " + path, () -> matching(regex).size() >= count);
    return matching(regex).get(count - 1);
  }

  /** Returns the first line that tells of a leaked buffer or has a frame of a stack trace. */
  Optional<String> complaint() throws IOException {
    return lines().stream()
        .filter(line -> line.contains("LEAK:") || line.matches("\\s+at [\\w.$/]+\\(.*\\)"))
        .findFirst();
  }
}
