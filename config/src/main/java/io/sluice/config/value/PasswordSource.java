package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Where the password of a database's user comes from. Immutable. */
public sealed interface PasswordSource {
  /** Says whether the password is kept outside the configuration, and may change without it. */
  default boolean isOutside() {
    return !(this instanceof Literal);
  }

  /** Names the place for log lines; shows nothing that may be secret. */
  String place();

  /**
   * The password stands in the configuration.
   *
   * @param password the password itself
   */
  record Literal(String password) implements PasswordSource {
    public Literal {
      requireNonNull(password, "password");
    }

    @Override
    public String place() {
      return "the configuration";
    }

    /** Hides the secret. */
    @Override
    public String toString() {
      return "****";
    }
  }

  /**
   * The password is what a file holds, without the line end at its end.
   *
   * @param path the absolute path
   */
  record File(String path) implements PasswordSource {
    public File {
      requireNonNull(path, "path");
    }

    @Override
    public String place() {
      return "file " + path;
    }
  }

  /**
   * The password is what a command prints, without the line end at its end.
   *
   * @param words the absolute path of the program, and its arguments
   */
  record Command(List<String> words) implements PasswordSource {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("a command without a program");
      }
    }

    /** The program alone: arguments may be secrets. */
    @Override
    public String place() {
      return "command " + words.get(0);
    }

    @Override
    public String toString() {
      return place();
    }
  }
}
