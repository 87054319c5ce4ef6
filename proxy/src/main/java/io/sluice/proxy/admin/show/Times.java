package io.sluice.proxy.admin.show;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How SHOW writes times: points in time in local time, spans as seconds and microseconds. */
final class Times {
  private static final DateTimeFormatter POINT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);
  private static final long NS_PER_S = 1_000_000_000L;
  private static final long NS_PER_US = 1_000L;
  private static final long NS_PER_MS = 1_000_000L;

  private Times() {}

  /** {@code YYYY-MM-DD HH:MM:SS ZONE}. */
  static String point(long wallMs) {
    return POINT.format(Instant.ofEpochMilli(wallMs).atZone(ZoneId.systemDefault()));
  }

  /** A point on the loop's clock. */
  static String point(long thenNs, long nowNs) {
    return point(System.currentTimeMillis() - (nowNs - thenNs) / NS_PER_MS);
  }

  /** Whole seconds of a span. */
  static int seconds(long spanNs) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, spanNs) / NS_PER_S);
  }

  /** The microseconds behind the whole seconds of a span. */
  static int microseconds(long spanNs) {
    return (int) (Math.max(0, spanNs) % NS_PER_S / NS_PER_US);
  }
}
