package io.sluice.demo.wire;

import java.io.IOException;

/** Nothing, or not enough, came from the server before the deadline. */
public final class WireTimeout extends IOException {
  private static final long serialVersionUID = 1L;

  WireTimeout(String message) {
    super(message);
  }
}
