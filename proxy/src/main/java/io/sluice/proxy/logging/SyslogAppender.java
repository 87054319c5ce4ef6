package io.sluice.proxy.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sluice.proxy.os.UnixDatagram;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Sends events to the system's log on this machine: the message alone, levels LOG and above. One
 * datagram each: {@code <PRIORITY>Mmm dd hh:mm:ss IDENT[pid]: message}. An absent or busy receiver
 * loses events rather than hold up the pooler. Thread-safe: logback calls one event at a time.
 */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  private final LogSettings.Syslog settings;
  private final String tag;
  private final ZoneId zone;
  private final UnixDatagram socket = UnixDatagram.open();

  SyslogAppender(LogSettings.Syslog settings, ZoneId zone, long pid) {
    this.settings = settings;
    this.tag = ' ' + settings.ident() + '[' + pid + "]: ";
    this.zone = zone;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
      return;
    }
    int priority = settings.facility().number * 8 + LogLevel.of(event).syslogSeverity;
    StringBuilder text = new StringBuilder(160).append('<').append(priority).append('>');
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), text);
    LogText.append(text.append(tag), event);
    socket.send(settings.socketPath(), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void stop() {
    super.stop();
    socket.close();
  }
}
