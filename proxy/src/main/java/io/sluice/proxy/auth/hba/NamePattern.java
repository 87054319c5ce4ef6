package io.sluice.proxy.auth.hba;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** What a rule says of names of databases or users: a word of its list. */
sealed interface NamePattern {
  /** Says whether the name matches. */
  boolean matches(String name);

  /** {@code all}. */
  record Every() implements NamePattern {
    @Override
    public boolean matches(String name) {
      return true;
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /** The name itself. */
  record Exactly(String wanted, HbaToken token) implements NamePattern {
    @Override
    public boolean matches(String name) {
      return wanted.equals(name);
    }

    @Override
    public String toString() {
      return token.toString();
    }
  }

  /**
   * A regular expression behind a slash; it matches anywhere in the name. RE2's: the time is linear
   * in the length of the name, whatever the expression.
   */
  record Matching(Pattern pattern) implements NamePattern {
    @Override
    public boolean matches(String name) {
      return pattern.matcher(name).find();
    }

    @Override
    public String toString() {
      return "/" + pattern.pattern();
    }
  }

  /** {@code sameuser}: the database has the user's name. What that is, the rule knows. */
  record SameUser() implements NamePattern {
    @Override
    public boolean matches(String name) {
      return false;
    }

    @Override
    public String toString() {
      return "sameuser";
    }
  }

  /** {@code replication}: physical replication, which names no database. */
  record Replication() implements NamePattern {
    @Override
    public boolean matches(String name) {
      return false;
    }

    @Override
    public String toString() {
      return "replication";
    }
  }

  /** Says whether a word is a regular expression: it begins with a slash, in quotes or not. */
  static boolean isExpression(HbaToken token) {
    return token.text().startsWith("/");
  }

  /**
   * Compiles the regular expression of a word.
   *
   * @throws PatternSyntaxException if it is none
   */
  static Pattern compile(HbaToken token) {
    return Pattern.compile(token.text().substring(1));
  }
}
