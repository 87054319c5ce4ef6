package io.sluice.proxy.os;

import com.sun.jna.Memory;

/**
 * How many files and sockets this process may have open (RLIMIT_NOFILE).
 *
 * @param soft the limit in force; {@link Long#MAX_VALUE} stands for unlimited
 * @param hard what the soft limit may be raised to
 */
public record FileLimit(long soft, long hard) {
  private static final long UNLIMITED_FROM = Long.MAX_VALUE - 1;

  /** Reads the limits in force; both are unlimited if the system does not tell. */
  public static FileLimit read() {
    String row = OwnProcess.row("limits", "Max open files");
    return row == null ? ask() : ofRow(row);
  }

  /** Reads a row of Linux's table: soft limit, hard limit and unit, spaces between them. */
  private static FileLimit ofRow(String row) {
    int softEnd = row.indexOf(' ');
    String hard = row.substring(softEnd).strip();
    return new FileLimit(
        number(row.substring(0, softEnd)), number(hard.substring(0, hard.indexOf(' '))));
  }

  private static long number(String word) {
    return word.equals("unlimited") ? Long.MAX_VALUE : known(Long.parseUnsignedLong(word));
  }

  static FileLimit ask() {
    Memory limit = Libc.rlimit(-1, -1);
    if (Libc.getrlimit(Libc.RLIMIT_NOFILE, limit) != 0) {
      return new FileLimit(Long.MAX_VALUE, Long.MAX_VALUE);
    }
    return new FileLimit(known(limit.getLong(0)), known(limit.getLong(8)));
  }

  /** Raises the soft limit to the hard one and tells what is in force afterwards. */
  public static FileLimit raise() {
    FileLimit now = read();
    if (now.soft < now.hard) {
      // A refusal is no error: the limit stays as it was and the caller sees it.
      Libc.setrlimit(Libc.RLIMIT_NOFILE, Libc.rlimit(now.hard, now.hard));
    }
    return read();
  }

  /** Makes this process die without writing its memory, which holds secrets, to a core file. */
  public static void forbidCoreFiles() {
    Memory limit = Libc.rlimit(0, 0);
    if (Libc.getrlimit(Libc.RLIMIT_CORE, limit) == 0) {
      Libc.setrlimit(Libc.RLIMIT_CORE, Libc.rlimit(0, limit.getLong(8)));
    }
  }

  /** RLIM_INFINITY is the largest unsigned number on Linux and the largest signed one on macOS. */
  private static long known(long raw) {
    return raw < 0 || raw >= UNLIMITED_FROM ? Long.MAX_VALUE : raw;
  }
}
