package io.sluice.proxy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintStream;

/** Writes lines to standard error. Thread-safe: logback calls one event at a time. */
final class StderrAppender extends AppenderBase<ILoggingEvent> {
  private final LineLayout layout;

  StderrAppender(LineLayout layout) {
    this.layout = layout;
  }

  @Override
  protected void append(ILoggingEvent event) {
    // Asked for anew each time: tests and embedders replace the stream.
    PrintStream err = System.err;
    byte[] line = layout.line(event);
    err.write(line, 0, line.length);
    err.flush();
  }
}
