package io.sluice.proxy.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import io.sluice.proxy.os.OwnProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Sets up the log of this process. Does nothing where the operator brings a logback configuration
 * of his own with {@code -Dlogback.configurationFile=FILE}. Thread-safe.
 */
public final class Logging {
  /** Marks an event as the reason why the process ends; its level word is FATAL. */
  public static final Marker FATAL = MarkerFactory.getMarker("FATAL");

  static final String OWN_CONFIGURATION = "logback.configurationFile";

  private static final String OUR_PACKAGES = "io.sluice";

  private Logging() {}

  /**
   * Puts settings into force. Files are opened anew, so that one which was moved away is left to
   * whoever moved it. All or nothing: if a file cannot be opened everything stays as it was.
   *
   * @throws IOException if the log file cannot be opened; the message names the file and the reason
   */
  public static synchronized void configure(LogSettings settings) throws IOException {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (System.getProperty(OWN_CONFIGURATION) != null
        || !(factory instanceof LoggerContext context)) {
      return;
    }
    apply(context, settings);
  }

  /**
   * Sets how much is logged, for settings that are changed without a reload.
   *
   * @param verbose as in {@link LogSettings}
   */
  public static void setVerbose(int verbose) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (System.getProperty(OWN_CONFIGURATION) == null && factory instanceof LoggerContext context) {
      context.getLogger(OUR_PACKAGES).setLevel(level(verbose));
    }
  }

  /** Replaces the appenders of a context. */
  static void apply(LoggerContext context, LogSettings settings) throws IOException {
    List<Appender<ILoggingEvent>> fresh = appenders(settings);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    List<Appender<ILoggingEvent>> old = new ArrayList<>();
    root.iteratorForAppenders().forEachRemaining(old::add);
    for (Appender<ILoggingEvent> appender : fresh) {
      appender.setContext(context);
      appender.start();
      root.addAppender(appender);
    }
    for (Appender<ILoggingEvent> appender : old) {
      root.detachAppender(appender);
      appender.stop();
    }
    // Libraries speak up only in trouble, however much is wanted of us.
    root.setLevel(Level.WARN);
    context.getLogger(OUR_PACKAGES).setLevel(level(settings.verbose()));
  }

  private static List<Appender<ILoggingEvent>> appenders(LogSettings settings) throws IOException {
    long pid = OwnProcess.pid();
    TimeZone zone = TimeZone.getDefault();
    LineLayout layout = new LineLayout(zone, pid);
    List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    if (settings.logfile() != null) {
      appenders.add(FileAppender.open(settings.logfile(), layout));
    }
    if (settings.syslog() != null) {
      appenders.add(new SyslogAppender(settings.syslog(), zone.toZoneId(), pid));
    }
    if (settings.stderr() != LogSettings.Stderr.NONE) {
      appenders.add(stderr(settings.stderr(), layout));
    }
    return appenders;
  }

  private static StderrAppender stderr(LogSettings.Stderr amount, LineLayout layout) {
    StderrAppender appender = new StderrAppender(layout);
    if (amount == LogSettings.Stderr.TROUBLE) {
      ThresholdFilter filter = new ThresholdFilter();
      filter.setLevel(Level.WARN.toString());
      filter.start();
      appender.addFilter(filter);
    }
    return appender;
  }

  private static Level level(int verbose) {
    if (verbose <= 0) {
      return Level.INFO;
    }
    return verbose == 1 ? Level.DEBUG : Level.TRACE;
  }
}
