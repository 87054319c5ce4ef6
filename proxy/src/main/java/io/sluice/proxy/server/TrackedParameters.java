package io.sluice.proxy.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The names of the parameters that follow a client from server to server, in a fixed order.
 * Immutable.
 */
public final class TrackedParameters {
  /** What PgBouncer always tracks, in the order in which it reports them at login. */
  private static final List<String> ALWAYS =
      List.of(
          "DateStyle",
          "client_encoding",
          "TimeZone",
          "standard_conforming_strings",
          "application_name");

  private final String[] names;

  /** The parameters that are always tracked, and more ({@code track_extra_parameters}). */
  public TrackedParameters(List<String> extra) {
    List<String> all = new ArrayList<>(ALWAYS);
    for (String name : extra) {
      if (all.stream().noneMatch(name::equalsIgnoreCase) && !name.equalsIgnoreCase("options")) {
        all.add(name);
      }
    }
    names = all.toArray(String[]::new);
  }

  /** The position of a name in any case, or -1. */
  public int indexOf(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The name at a position, as PostgreSQL spells it. */
  public String name(int index) {
    return names[index];
  }

  public int count() {
    return names.length;
  }

  /** Where application_name stands. */
  public int applicationName() {
    return indexOf("application_name");
  }

  @Override
  public String toString() {
    return Arrays.toString(names).toLowerCase(Locale.ROOT);
  }
}
