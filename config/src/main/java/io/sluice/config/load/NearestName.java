package io.sluice.config.load;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which name was meant by one that is not known. */
final class NearestName {
  /** Shortest beginning that two names must share to count as the same thing cut short. */
  private static final int MIN_PREFIX = 6;

  private NearestName() {}

  /** Writes {@code did you mean X?} for the nearest name, or returns null if none is near. */
  static @Nullable String hint(String unknown, Collection<String> known) {
    String nearest = find(unknown, known);
    return nearest == null ? null : "did you mean " + nearest + "?";
  }

  /** Finds the nearest name: at most a third of its letters wrong, or one cut short. */
  static @Nullable String find(String unknown, Collection<String> known) {
    String wanted = unknown.toLowerCase(Locale.ROOT).replace('-', '_');
    String nearest = null;
    int best = Math.max(1, wanted.length() / 3) + 1;
    for (String candidate : known) {
      int distance = cutShort(wanted, candidate) ? 1 : distance(wanted, candidate, best);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  private static boolean cutShort(String one, String other) {
    int common = Math.min(one.length(), other.length());
    return common >= MIN_PREFIX && (one.startsWith(other) || other.startsWith(one));
  }

  /** Counts letters to insert, drop or change; stops at {@code limit}. */
  private static int distance(String from, String to, int limit) {
    if (Math.abs(from.length() - to.length()) >= limit) {
      return limit;
    }
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
