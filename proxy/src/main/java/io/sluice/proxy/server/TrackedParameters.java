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
  /** What PgBouncer has always tracked, in the order in which it reports them at login. */
  private static final List<String> ALWAYS =
      List.of(
          "DateStyle",
          "client_encoding",
          "TimeZone",
          "standard_conforming_strings",
          "application_name");

  /**
   * The others that some release of PostgreSQL reports and a session may set; at the end the one
   * whose change could forbid others. Source: the GUC_REPORT flags of guc_tables.c.
   */
  private static final List<String> REPORTED =
      List.of(
          "IntervalStyle",
          "search_path",
          "default_transaction_read_only",
          "scram_iterations",
          "session_authorization");

  /** What drivers send at startup as a matter of course. */
  private static final List<String> HARMLESS = List.of("extra_float_digits");

  private final String[] names;
  private final int demanded;

  /** The parameters that are always tracked, and more ({@code track_extra_parameters}). */
  public TrackedParameters(List<String> extra) {
    List<String> all = new ArrayList<>(ALWAYS);
    for (String name : extra) {
      if (!name.equalsIgnoreCase("options")) {
        add(all, spelled(name));
      }
    }
    demanded = all.size();
    HARMLESS.forEach(name -> add(all, name));
    REPORTED.forEach(name -> add(all, name));
    names = all.toArray(String[]::new);
  }

  private static String spelled(String name) {
    return REPORTED.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }

  private static void add(List<String> all, String name) {
    if (all.stream().noneMatch(name::equalsIgnoreCase)) {
      all.add(name);
    }
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

  /**
   * Says whether nobody has asked for the parameter to be tracked: the operator may have it dropped
   * from startup packets ({@code ignore_startup_parameters}).
   */
  public boolean mayBeIgnored(int index) {
    return index >= demanded;
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
