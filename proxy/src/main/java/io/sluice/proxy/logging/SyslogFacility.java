package io.sluice.proxy.logging;

import java.util.Locale;

/** The facilities of the system's log that may be chosen, with their numbers. */
public enum SyslogFacility {
  USER(1),
  DAEMON(3),
  AUTH(4),
  AUTHPRIV(10),
  LOCAL0(16),
  LOCAL1(17),
  LOCAL2(18),
  LOCAL3(19),
  LOCAL4(20),
  LOCAL5(21),
  LOCAL6(22),
  LOCAL7(23);

  final int number;

  SyslogFacility(int number) {
    this.number = number;
  }

  /** The facility of a name, in any case; {@code daemon} for a name that there is not. */
  public static SyslogFacility named(String name) {
    for (SyslogFacility facility : values()) {
      if (facility.name().equals(name.toUpperCase(Locale.ROOT))) {
        return facility;
      }
    }
    return DAEMON;
  }
}
