package io.sluice.config.setting;

/** When a changed value starts to act. */
public enum Reload {
  /** At once, on existing connections too. */
  LIVE("at once"),
  /** On connections that are made after the change. */
  NEW_CONNECTIONS("on new connections"),
  /** When the process starts again. */
  RESTART("at restart");

  private final String words;

  Reload(String words) {
    this.words = words;
  }

  /** Says it in words, for the reference. */
  public String words() {
    return words;
  }
}
