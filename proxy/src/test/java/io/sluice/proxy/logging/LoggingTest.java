package io.sluice.proxy.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.util.StatusPrinter2;
import io.sluice.proxy.logging.LogSettings.Stderr;
import io.sluice.proxy.logging.LogSettings.Syslog;
import io.sluice.proxy.os.DatagramInbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("replaces standard error")
class LoggingTest {
  @TempDir Path dir;

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("io.sluice.test");
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void catchStandardError() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void giveStandardErrorBack() {
    context.stop();
    System.setErr(realErr);
  }

  @Test
  void appendsToTheFileAndToStandardError() throws IOException {
    Path file = dir.resolve("sluice.log");
    Files.writeString(file, "older\n");
    Logging.apply(context, new LogSettings(0, Stderr.ALL, file, null));
    logger.info("listening on {}", 6432);
    assertThat(Files.readString(file)).startsWith("older\n2").endsWith(" LOG listening on 6432\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith(" LOG listening on 6432\n");
  }

  @Test
  void leavesAMovedFileAloneOnceConfiguredAgain() throws IOException {
    Path file = dir.resolve("sluice.log");
    LogSettings settings = new LogSettings(0, Stderr.NONE, file, null);
    Logging.apply(context, settings);
    Path moved = Files.move(file, dir.resolve("sluice.log.1"));
    logger.info("before");
    Logging.apply(context, settings);
    logger.info("after");
    assertThat(Files.readString(moved)).endsWith("LOG before\n").doesNotContain("after");
    assertThat(Files.readString(file)).endsWith("LOG after\n").doesNotContain("before");
  }

  @Test
  void keepsEverythingWhenTheNewFileCannotBeOpened() throws IOException {
    Path file = dir.resolve("sluice.log");
    Logging.apply(context, new LogSettings(1, Stderr.NONE, file, null));
    LogSettings bad = new LogSettings(0, Stderr.ALL, dir.resolve("no/such/dir.log"), null);
    assertThatThrownBy(() -> Logging.apply(context, bad))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no/such/dir.log");
    logger.debug("still here");
    assertThat(Files.readString(file)).endsWith("DEBUG still here\n");
    assertThat(err.size()).isZero();
  }

  @Test
  void showsOnlyTroubleWhenADaemonStarts() throws IOException {
    Logging.apply(context, new LogSettings(2, Stderr.TROUBLE, null, null));
    logger.info("fine");
    logger.warn("careful");
    logger.error(Logging.FATAL, "over");
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .anyMatch(line -> line.endsWith("WARNING careful"))
        .anyMatch(line -> line.endsWith("FATAL over"));
  }

  @Test
  void logsAsMuchAsVerboseAsksFor() throws IOException {
    assertThat(levels(0)).isEqualTo("LOG ");
    assertThat(levels(1)).isEqualTo("LOG DEBUG ");
    assertThat(levels(2)).isEqualTo("LOG DEBUG NOISE ");
    assertThat(levels(3)).isEqualTo("LOG DEBUG NOISE ");
  }

  @Test
  void keepsLibrariesQuietHoweverVerbose() throws IOException {
    Logging.apply(context, new LogSettings(2, Stderr.ALL, null, null));
    context.getLogger("io.netty.x").info("chatter");
    context.getLogger("io.netty.x").warn("trouble");
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("WARNING trouble\n").hasLineCount(1);
  }

  @Test
  void sendsMessagesOfLevelLogAndAboveToTheSystemsLog() throws IOException {
    String path = dir.resolve("log").toString();
    try (DatagramInbox inbox = new DatagramInbox(path)) {
      Logging.apply(context, withSyslog(new Syslog(SyslogFacility.LOCAL3, "pooler", path)));
      logger.debug("not this");
      logger.warn("two\nlines");
      long pid = ProcessHandle.current().pid();
      assertThat(inbox.next())
          .matches(
              "<156>[A-Z][a-z]{2} [ 123]\\d \\d\\d:\\d\\d:\\d\\d pooler\\["
                  + pid
                  + "\\]: two\n\tlines");
      assertThat(inbox.isEmpty()).isTrue();
    }
  }

  @Test
  void doesWithoutASystemsLogThatIsNotThere() throws IOException {
    Syslog absent = new Syslog(SyslogFacility.DAEMON, "x", dir.resolve("none").toString());
    Logging.apply(context, withSyslog(absent));
    logger.info("lost");
    assertThat(err.size()).isZero();
  }

  @Test
  void knowsFacilitiesInAnyCaseAndFallsBackToDaemon() {
    assertThat(SyslogFacility.named("Local7")).isEqualTo(SyslogFacility.LOCAL7);
    assertThat(SyslogFacility.named("authpriv")).isEqualTo(SyslogFacility.AUTHPRIV);
    assertThat(SyslogFacility.named("mail")).isEqualTo(SyslogFacility.DAEMON);
  }

  @Test
  void isWhatLogbackStartsWith() {
    LoggerContext fresh = new LoggerContext();
    FirstConfiguration first = new FirstConfiguration();
    first.setContext(fresh);
    first.configure(fresh);
    fresh.getLogger("io.sluice.test").info("hello");
    assertThat(err.toString(StandardCharsets.UTF_8)).endsWith(" LOG hello\n");
    var out = new ByteArrayOutputStream();
    var printer = new StatusPrinter2();
    printer.setPrintStream(new PrintStream(out, true, StandardCharsets.UTF_8));
    printer.printInCaseOfErrorsOrWarnings(fresh);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    fresh.stop();
  }

  private String levels(int verbose) throws IOException {
    err.reset();
    Logging.apply(context, new LogSettings(verbose, Stderr.ALL, null, null));
    logger.info("x");
    logger.debug("x");
    logger.trace("x");
    StringBuilder levels = new StringBuilder();
    err.toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> levels.append(line.replaceAll(".*\\] (\\w+) x", "$1 ")));
    return levels.toString();
  }

  private static LogSettings withSyslog(@Nullable Syslog syslog) {
    return new LogSettings(0, Stderr.NONE, null, syslog);
  }
}
