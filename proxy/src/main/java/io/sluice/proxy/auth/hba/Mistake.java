package io.sluice.proxy.auth.hba;

/** A line that cannot be understood; the message is the sentence. */
final class Mistake extends Exception {
  private static final long serialVersionUID = 1;

  Mistake(String sentence) {
    super(sentence, null, false, false);
  }
}
