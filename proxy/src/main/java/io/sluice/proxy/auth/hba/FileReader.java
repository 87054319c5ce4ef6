package io.sluice.proxy.auth.hba;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a file, and of the files that it includes: {@code include}, {@code
 * include_if_exists}, {@code include_dir}, {@code @file} in place of names. A line that ends with a
 * backslash goes on in the next one. Paths are relative to the file that names them.
 */
final class FileReader {
  private static final long MAX_BYTES = 16L << 20;
  private static final int MAX_DEPTH = 10;
  private static final int MAX_LINES = 100_000;

  private final List<HbaLine> lines = new ArrayList<>();
  private final Mistakes mistakes;

  FileReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** Reads a file whole; what is wrong is among the mistakes. */
  List<HbaLine> read(Path file) {
    String text = text(file, file.toString());
    if (text != null) {
      lines(file, text, 0);
    }
    return lines;
  }

  private @Nullable String text(Path file, String place) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        mistakes.add(place, file + " is larger than 16 MiB");
        return null;
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      if (text.indexOf('\0') < 0) {
        return text;
      }
      mistakes.add(place, file + " has a zero byte in it");
      return null;
    } catch (CharacterCodingException broken) {
      mistakes.add(place, file + " is not UTF-8");
    } catch (NoSuchFileException missing) {
      mistakes.add(place, file + " does not exist");
    } catch (AccessDeniedException denied) {
      mistakes.add(place, file + " cannot be read: permission denied");
    } catch (IOException unreadable) {
      mistakes.add(place, file + " cannot be read: " + unreadable.getMessage());
    }
    return null;
  }

  private void lines(Path file, String text, int depth) {
    String[] raw = text.split("\n", -1);
    for (int i = 0; i < raw.length && lines.size() < MAX_LINES; i++) {
      int number = i + 1;
      StringBuilder line = new StringBuilder(strip(raw[i]));
      while (line.length() > 0 && line.charAt(line.length() - 1) == '\\' && i + 1 < raw.length) {
        line.setLength(line.length() - 1);
        i++;
        line.append(strip(raw[i]));
      }
      line(file, number, line.toString(), depth);
    }
    if (lines.size() >= MAX_LINES) {
      mistakes.add(file.toString(), "there are more than " + MAX_LINES + " lines");
    }
  }

  private static String strip(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private void line(Path file, int number, String text, int depth) {
    List<List<HbaToken>> fields = new LineReader(text).fields();
    if (fields.isEmpty()) {
      return;
    }
    String place = file + ":" + number;
    String word = fields.get(0).get(0).text();
    if (fields.size() == 2 && word.startsWith("include")) {
      Path other = beside(file, fields.get(1).get(0).text());
      switch (word) {
        case "include" -> include(other, place, depth + 1);
        case "include_if_exists" -> {
          if (Files.exists(other)) {
            include(other, place, depth + 1);
          }
        }
        case "include_dir" -> includeDirectory(other, place, depth + 1);
        default -> mistakes.add(place, "\"" + word + "\" is no kind of include");
      }
      return;
    }
    int mistakesBefore = mistakes.count();
    List<List<HbaToken>> expanded = expanded(file, fields, place);
    if (mistakes.count() == mistakesBefore) {
      lines.add(new HbaLine(file.toString(), number, expanded));
    }
  }

  private static Path beside(Path file, String name) {
    Path parent = file.getParent();
    return parent == null ? Path.of(name) : parent.resolve(name);
  }

  private void include(Path file, String place, int depth) {
    if (depth > MAX_DEPTH) {
      mistakes.add(place, "files include one another more than " + MAX_DEPTH + " deep");
      return;
    }
    String text = text(file, place);
    if (text != null) {
      lines(file, text, depth);
    }
  }

  private void includeDirectory(Path directory, String place, int depth) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.conf")) {
      for (Path file : all) {
        if (!String.valueOf(file.getFileName()).startsWith(".")) {
          files.add(file);
        }
      }
    } catch (IOException unreadable) {
      mistakes.add(place, "directory " + directory + " cannot be read");
      return;
    }
    Collections.sort(files);
    files.forEach(file -> include(file, place, depth));
  }

  /** Puts the words of a file in place of {@code @file}. */
  private List<List<HbaToken>> expanded(Path file, List<List<HbaToken>> fields, String place) {
    List<List<HbaToken>> result = new ArrayList<>();
    for (List<HbaToken> field : fields) {
      List<HbaToken> tokens = new ArrayList<>();
      field.forEach(token -> expand(file, token, place, 0, tokens));
      result.add(List.copyOf(tokens));
    }
    return List.copyOf(result);
  }

  private void expand(Path file, HbaToken token, String place, int depth, List<HbaToken> into) {
    boolean isFile = !token.isQuoted() && token.text().length() > 1 && token.text().startsWith("@");
    if (!isFile || into.size() > MAX_LINES) {
      into.add(token);
      return;
    }
    if (depth >= MAX_DEPTH) {
      mistakes.add(place, "files name one another more than " + MAX_DEPTH + " deep");
      return;
    }
    Path other = beside(file, token.text().substring(1));
    String text = text(other, place);
    if (text == null) {
      return;
    }
    for (String line : text.split("\n", -1)) {
      for (List<HbaToken> field : new LineReader(strip(line)).fields()) {
        field.forEach(name -> expand(other, name, place, depth + 1, into));
      }
    }
  }
}
