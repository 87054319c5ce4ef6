package io.sluice.proxy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Lays out a line as PgBouncer does: {@code YYYY-MM-DD HH:MM:SS.mmm ZONE [pid] LEVEL message}, in
 * the time zone of the machine. Thread-safe.
 */
final class LineLayout {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH);

  /** The texts of one second, which most lines share with the line before them. */
  private record Second(long epochSecond, String time, String zone) {}

  private final ZoneId zone;
  private final long pid;
  private volatile Second last = new Second(Long.MIN_VALUE, "", "");

  LineLayout(ZoneId zone, long pid) {
    this.zone = zone;
    this.pid = pid;
  }

  /** The line of an event in UTF-8, with its line feed. */
  byte[] line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    long millis = event.getTimeStamp();
    Second second = second(Math.floorDiv(millis, 1000L));
    line.append(second.time).append('.');
    appendMillis(line, (int) Math.floorMod(millis, 1000L));
    line.append(' ').append(second.zone).append(" [").append(pid).append("] ");
    line.append(LogLevel.of(event)).append(' ');
    LogText.append(line, event);
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private Second second(long epochSecond) {
    Second known = last;
    if (known.epochSecond == epochSecond) {
      return known;
    }
    var time = Instant.ofEpochSecond(epochSecond).atZone(zone);
    Second fresh = new Second(epochSecond, SECOND.format(time), ZONE.format(time));
    last = fresh;
    return fresh;
  }

  private static void appendMillis(StringBuilder line, int millis) {
    line.append((char) ('0' + millis / 100));
    line.append((char) ('0' + millis / 10 % 10));
    line.append((char) ('0' + millis % 10));
  }
}
