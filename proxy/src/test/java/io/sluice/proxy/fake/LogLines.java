package io.sluice.proxy.fake;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** The lines about something that are logged while it is open. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final String start;

  private LogLines(String start) {
    this.start = start;
  }

  /** Begins to look for lines that start with a text. */
  public static LogLines open(String start) {
    LogLines opened = new LogLines(start);
    opened.start();
    opened.root.addAppender(opened);
    return opened;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String line = event.getFormattedMessage();
    if (line.startsWith(start)) {
      lines.add(line);
    }
  }

  /** The lines so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root.detachAppender(this);
    stop();
  }
}
