package io.sluice.proxy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends lines to a file, each with one write, so that a program that moves the file away loses
 * none. Thread-safe: logback calls one event at a time.
 */
final class FileAppender extends AppenderBase<ILoggingEvent> {
  private final LineLayout layout;
  private final FileChannel file;

  private FileAppender(LineLayout layout, FileChannel file) {
    this.layout = layout;
    this.file = file;
  }

  /**
   * Opens a file, which is created if it is not there.
   *
   * @throws IOException if the file cannot be written to
   */
  static FileAppender open(Path path, LineLayout layout) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return new FileAppender(layout, file);
  }

  @Override
  protected void append(ILoggingEvent event) {
    ByteBuffer line = ByteBuffer.wrap(layout.line(event));
    try {
      while (line.hasRemaining()) {
        file.write(line);
      }
    } catch (IOException e) {
      // A full disk must not take the pooler down; logback keeps the reason.
      addError("log line lost", e);
    }
  }

  @Override
  public void stop() {
    super.stop();
    try {
      file.close();
    } catch (IOException e) {
      addError("log file not closed", e);
    }
  }
}
