package io.sluice.proxy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineLayoutTest {
  private final LineLayout layout = new LineLayout(TimeZone.getTimeZone("UTC"), 4711);

  @Test
  void beginsWithTimeZoneProcessAndLevel() {
    LoggingEvent event = event(Level.INFO, "process up");
    event.setInstant(Instant.parse("2026-07-04T05:06:07.008Z"));
    assertThat(line(event)).isEqualTo("2026-07-04 05:06:07.008 UTC [4711] LOG process up\n");
  }

  @Test
  void showsTheShortNameOfTheZoneThatIsInForce() {
    LineLayout berlin = new LineLayout(TimeZone.getTimeZone("Europe/Berlin"), 1);
    assertThat(at(berlin, "2026-07-04T05:06:07.080Z")).startsWith("2026-07-04 07:06:07.080 CEST [");
    assertThat(at(berlin, "2026-01-04T05:06:07.800Z")).startsWith("2026-01-04 06:06:07.800 CET [");
  }

  @Test
  void tellsTheSecondsOfASequenceApart() {
    assertThat(at(layout, "2026-07-04T05:06:07.999Z")).startsWith("2026-07-04 05:06:07.999 ");
    assertThat(at(layout, "2026-07-04T05:06:08.000Z")).startsWith("2026-07-04 05:06:08.000 ");
    assertThat(at(layout, "2026-07-04T05:06:08.001Z")).startsWith("2026-07-04 05:06:08.001 ");
    assertThat(at(layout, "1969-12-31T23:59:59.001Z")).startsWith("1969-12-31 23:59:59.001 ");
  }

  @ParameterizedTest
  @CsvSource({"ERROR,ERROR", "WARN,WARNING", "INFO,LOG", "DEBUG,DEBUG", "TRACE,NOISE"})
  void usesThePoolersWordsForLevels(String level, String word) {
    assertThat(line(event(Level.toLevel(level), "x"))).contains("] " + word + " x\n");
  }

  @Test
  void callsAMarkedErrorFatal() {
    LoggingEvent event = event(Level.ERROR, "no config");
    event.addMarker(Logging.FATAL);
    assertThat(line(event)).endsWith("] FATAL no config\n");
  }

  @Test
  void indentsFurtherLinesOfAMessage() {
    assertThat(message("a\nb\n\nc\n")).isEqualTo("a\n\tb\n\t\n\tc\n");
  }

  @Test
  void letsNoStrangerForgeALineOrCommandATerminal() {
    assertThat(message("user=x\r\n2026-01-01 LOG fine"))
        .isEqualTo("user=x\\u000d\n\t2026-01-01 LOG fine\n");
    assertThat(message("\u001b[2J\u0000\u007f\u0085\u202e"))
        .isEqualTo("\\u001b[2J\\u0000\\u007f\\u0085\\u202e\n");
    assertThat(message("tab\tstays, ünïcödé too")).isEqualTo("tab\tstays, ünïcödé too\n");
  }

  @Test
  void cutsAnEndlessMessageButNoCharacterInTwo() {
    assertThat(message("x".repeat(2047))).isEqualTo("x".repeat(2047) + "\n");
    assertThat(message("x".repeat(2048))).isEqualTo("x".repeat(2047) + "...\n");
    String pair = "\ud83d\ude00";
    assertThat(message("x".repeat(2046) + pair)).isEqualTo("x".repeat(2046) + "...\n");
  }

  @Test
  void addsTheStackTraceWithTabs() {
    LoggingEvent event =
        new LoggingEvent(
            "x", logger(), Level.ERROR, "failed", new IllegalStateException("two\nlines"), null);
    String line = line(event);
    assertThat(line)
        .contains("ERROR failed\n\tjava.lang.IllegalStateException: two\n\tlines\n\t\tat ");
    assertThat(line.lines().skip(1)).isNotEmpty().allMatch(row -> row.startsWith("\t"));
  }

  @Test
  void survivesANullMessage() {
    assertThat(line(event(Level.INFO, null))).endsWith("LOG null\n");
  }

  private String message(String text) {
    String line = line(event(Level.INFO, text));
    return line.substring(line.indexOf("LOG ") + 4);
  }

  private static String at(LineLayout layout, String instant) {
    LoggingEvent event = event(Level.INFO, "x");
    event.setInstant(Instant.parse(instant));
    return new String(layout.line(event), StandardCharsets.UTF_8);
  }

  private String line(LoggingEvent event) {
    return new String(layout.line(event), StandardCharsets.UTF_8);
  }

  private static LoggingEvent event(Level level, @Nullable String message) {
    return new LoggingEvent("x", logger(), level, message, null, null);
  }

  private static ch.qos.logback.classic.Logger logger() {
    return new LoggerContext().getLogger("io.sluice.test");
  }
}
