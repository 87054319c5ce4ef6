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

  /** Counts letters to insert, drop, change or swap with the next; gives up at {@code limit}. */
  private static int distance(String from, String to, int limit) {
    if (Math.abs(from.length() - to.length()) >= limit) {
      return limit;
    }
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, from, to, i, j);
      }
    }
    return cost[from.length()][to.length()];
  }

  private static int step(int[][] cost, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
    best = Math.min(best, cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
