package io.sluice.config.value;

/** A choice that files and SHOW spell as a word. */
public interface Word {
  /** The word, lower case. */
  String word();
}
