package io.sluice.config.value;

/** When a client of session pooling gets its server. */
public enum SessionLogin implements Word {
  /** With its first query; the server may have served others before. */
  LATE("late"),
  /** During its login; the server is made for it, and closed with it. */
  EARLY("early");

  private final String word;

  SessionLogin(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
