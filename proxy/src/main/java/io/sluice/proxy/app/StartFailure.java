package io.sluice.proxy.app;

/** A reason why the process cannot come up; its message is for the operator. Has no stack trace. */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1L;

  StartFailure(String message) {
    super(message, null, false, false);
  }
}
