package io.sluice.protocol.scram;

/** A SCRAM exchange that failed. Stackless; the text is for our log, not for the peer. */
public final class ScramFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ScramFailure(String text) {
    super(text, null, false, false);
  }
}
