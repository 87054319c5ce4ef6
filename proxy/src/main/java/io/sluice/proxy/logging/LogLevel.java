package io.sluice.proxy.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.Marker;

/** The level words of PgBouncer's log, each with its number in the system's log. */
enum LogLevel {
  FATAL(2),
  ERROR(3),
  WARNING(4),
  LOG(6),
  DEBUG(7),
  NOISE(7);

  final int syslogSeverity;

  LogLevel(int syslogSeverity) {
    this.syslogSeverity = syslogSeverity;
  }

  /** The word for an event: that of its SLF4J level, or FATAL if it carries that marker. */
  static LogLevel of(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    if (markers != null && markers.contains(Logging.FATAL)) {
      return FATAL;
    }
    return switch (event.getLevel().toInt()) {
      case Level.ERROR_INT -> ERROR;
      case Level.WARN_INT -> WARNING;
      case Level.INFO_INT -> LOG;
      case Level.DEBUG_INT -> DEBUG;
      default -> NOISE;
    };
  }
}
