package io.sluice.it.script;

import java.util.regex.Pattern;

/**
 * A difference that is meant to be. What comes behind it in a script is not looked at.
 *
 * @param why what PostgreSQL does, what the other does, and why
 * @param expected is found in PostgreSQL's answer
 * @param actual is found in the other's answer
 */
public record Exemption(String why, Pattern expected, Pattern actual) {
  /** Makes patterns of regular expressions. */
  public Exemption(String why, String expected, String actual) {
    this(why, Pattern.compile(expected), Pattern.compile(actual));
  }

  boolean covers(String postgres, String other) {
    return expected.matcher(postgres).find() && actual.matcher(other).find();
  }
}
