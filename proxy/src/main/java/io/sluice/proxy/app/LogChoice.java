package io.sluice.proxy.app;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.proxy.logging.LogSettings;
import io.sluice.proxy.logging.LogSettings.Stderr;
import io.sluice.proxy.logging.LogSettings.Syslog;
import io.sluice.proxy.logging.SyslogFacility;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the log goes, by the command line and the configuration together. Immutable.
 *
 * @param stderr how much of it goes to standard error
 * @param verboseCount what the command line adds to the setting {@code verbose}
 */
record LogChoice(Stderr stderr, int verboseCount) {

  /** What the command line says of the log, until the process is up. */
  static LogChoice of(Arguments.Run arguments) {
    if (arguments.isQuiet()) {
      return new LogChoice(Stderr.NONE, arguments.verboseCount());
    }
    Stderr stderr = arguments.isDaemon() ? Stderr.TROUBLE : Stderr.ALL;
    return new LogChoice(stderr, arguments.verboseCount());
  }

  /** The same without standard error, as for a daemon that is up. */
  LogChoice withoutStderr() {
    return new LogChoice(Stderr.NONE, verboseCount);
  }

  /** The settings of the log for a configuration. */
  LogSettings settings(Values values) {
    Integer verbose = values.find(Settings.VERBOSE);
    String logfile = values.find(Settings.LOGFILE);
    return new LogSettings(
        verboseCount + (verbose == null ? 0 : verbose),
        stderr,
        logfile == null || logfile.isEmpty() ? null : Path.of(logfile),
        syslog(values));
  }

  private static @Nullable Syslog syslog(Values values) {
    if (!values.get(Settings.SYSLOG)) {
      return null;
    }
    SyslogFacility facility = SyslogFacility.named(values.get(Settings.SYSLOG_FACILITY));
    return Syslog.local(facility, values.get(Settings.SYSLOG_IDENT));
  }
}
