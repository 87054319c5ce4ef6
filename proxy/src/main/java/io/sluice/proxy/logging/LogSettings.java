package io.sluice.proxy.logging;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines go, and how many of them there are.
 *
 * @param verbose 0 for LOG and above, 1 for DEBUG too, 2 and more for NOISE too
 * @param stderr how much goes to standard error
 * @param logfile the file that lines are appended to, or null for none
 * @param syslog how to reach the system's log, or null for not at all
 */
public record LogSettings(
    int verbose, Stderr stderr, @Nullable Path logfile, @Nullable Syslog syslog) {

  /** How much goes to standard error. */
  public enum Stderr {
    /** Every line. */
    ALL,
    /** Only what keeps a daemon from coming up: FATAL, ERROR and WARNING. */
    TROUBLE,
    /** Nothing. */
    NONE
  }

  /**
   * How to reach the system's log.
   *
   * @param facility the kind of program that we claim to be
   * @param ident the name that stands before each message
   * @param socketPath the Unix socket that the system's log listens on
   */
  public record Syslog(SyslogFacility facility, String ident, String socketPath) {
    /** The system's log where this system has it. */
    public static Syslog local(SyslogFacility facility, String ident) {
      Path mac = Path.of("/var/run/syslog");
      return new Syslog(facility, ident, Files.exists(mac) ? mac.toString() : "/dev/log");
    }
  }

  /** Lines of level LOG and above to standard error and nowhere else. */
  public static LogSettings toStderr() {
    return new LogSettings(0, Stderr.ALL, null, null);
  }
}
