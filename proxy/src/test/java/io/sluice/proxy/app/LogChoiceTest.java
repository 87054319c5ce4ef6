package io.sluice.proxy.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.value.Values;
import io.sluice.proxy.logging.LogSettings;
import io.sluice.proxy.logging.LogSettings.Stderr;
import io.sluice.proxy.logging.LogSettings.Syslog;
import io.sluice.proxy.logging.SyslogFacility;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LogChoiceTest {
  @Test
  void logsToStandardErrorUnlessToldOtherwise() {
    LogSettings settings = choice("x.ini").settings(values(""));
    assertThat(settings).isEqualTo(new LogSettings(0, Stderr.ALL, null, null));
    assertThat(choice("-q x.ini").settings(values("")).stderr()).isEqualTo(Stderr.NONE);
    assertThat(choice("-qd x.ini").settings(values("")).stderr()).isEqualTo(Stderr.NONE);
  }

  @Test
  void aDaemonShowsTroubleUntilItIsUp() {
    LogChoice daemon = choice("-d x.ini");
    assertThat(daemon.settings(values("")).stderr()).isEqualTo(Stderr.TROUBLE);
    assertThat(daemon.withoutStderr().settings(values("")).stderr()).isEqualTo(Stderr.NONE);
  }

  @Test
  void addsTheCommandLinesVerbosityToTheFiles() {
    assertThat(choice("-v x.ini").settings(values("")).verbose()).isEqualTo(1);
    assertThat(choice("-v x.ini").settings(values("verbose = 1\n")).verbose()).isEqualTo(2);
  }

  @Test
  void followsTheConfiguration() {
    Values values =
        values("logfile = a.log\nsyslog = 1\nsyslog_facility = local2\nsyslog_ident = me\n");
    LogSettings settings = choice("x.ini").settings(values);
    assertThat(settings.logfile()).isEqualTo(Path.of("a.log"));
    Syslog syslog = requireNonNull(settings.syslog());
    assertThat(syslog.facility()).isEqualTo(SyslogFacility.LOCAL2);
    assertThat(syslog.ident()).isEqualTo("me");
  }

  private static LogChoice choice(String line) {
    return LogChoice.of((Arguments.Run) Arguments.parse(line.split(" ")));
  }

  private static Values values(String lines) {
    return Configs.of("[pgbouncer]\nauth_type = any\n" + lines).values();
  }
}
