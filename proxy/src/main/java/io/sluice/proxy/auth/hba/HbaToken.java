package io.sluice.proxy.auth.hba;

/**
 * A word of a rule.
 *
 * @param text without quotes
 * @param isQuoted whether it began with a quote: then it is a name, whatever it looks like
 */
record HbaToken(String text, boolean isQuoted) {
  /** Says whether this is a word with a meaning, and not a name in quotes. */
  boolean isKeyword(String word) {
    return !isQuoted && text.equals(word);
  }

  @Override
  public String toString() {
    return isQuoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
