package io.sluice.proxy.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;

/**
 * Lays out a line as PgBouncer does: {@code YYYY-MM-DD HH:MM:SS.mmm ZONE [pid] LEVEL message}, in
 * the time zone of the machine. Thread-safe.
 */
final class LineLayout {
  /** Where most servers are; spares the start the names of all zones. */
  private static final Set<String> UTC = Set.of("UTC", "Etc/UTC");

  /** The texts of one second, which most lines share with the line before them. */
  private record Second(long epochSecond, String time, String zone) {}

  private final TimeZone zone;
  private final long pid;
  private volatile Second last = new Second(Long.MIN_VALUE, "", "");

  LineLayout(TimeZone zone, long pid) {
    this.zone = zone;
    this.pid = pid;
  }

  /** The line of an event in UTF-8, with its line feed. */
  byte[] line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    long millis = event.getTimeStamp();
    Second second = second(Math.floorDiv(millis, 1000L));
    line.append(second.time).append('.');
    appendDigits(line, (int) Math.floorMod(millis, 1000L), 100);
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
    Second fresh = new Second(epochSecond, time(epochSecond), zoneName(epochSecond));
    last = fresh;
    return fresh;
  }

  private String time(long epochSecond) {
    int offsetMillis = zone.getOffset(epochSecond * 1000);
    ZoneOffset offset = ZoneOffset.ofTotalSeconds(offsetMillis / 1000);
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, offset);
    StringBuilder text = new StringBuilder(19);
    appendDigits(text, time.getYear(), 1000);
    appendDigits(text.append('-'), time.getMonthValue(), 10);
    appendDigits(text.append('-'), time.getDayOfMonth(), 10);
    appendDigits(text.append(' '), time.getHour(), 10);
    appendDigits(text.append(':'), time.getMinute(), 10);
    appendDigits(text.append(':'), time.getSecond(), 10);
    return text.toString();
  }

  private String zoneName(long epochSecond) {
    if (UTC.contains(zone.getID())) {
      return "UTC";
    }
    return DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH)
        .format(Instant.ofEpochSecond(epochSecond).atZone(zone.toZoneId()));
  }

  /** Appends as many digits as the unit of the first one, a power of ten, has. */
  private static void appendDigits(StringBuilder text, int number, int first) {
    for (int unit = first; unit > 0; unit /= 10) {
      text.append((char) ('0' + number / unit % 10));
    }
  }
}
