package io.sluice.demo.postgres;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A version of PostgreSQL such as {@code 18.6.0}, or the beginning of one such as {@code 18}; empty
 * for the newest at hand.
 *
 * @param text digits and dots
 */
public record PostgresVersion(String text) implements Comparable<PostgresVersion> {
  /** Any version. */
  public static final PostgresVersion NEWEST = new PostgresVersion("");

  private static final Comparator<PostgresVersion> NUMERIC =
      (one, other) -> {
        List<Integer> left = one.numbers();
        List<Integer> right = other.numbers();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
          int order = left.get(i).compareTo(right.get(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(left.size(), right.size());
      };

  /** Refuses what is not digits and dots. */
  public PostgresVersion {
    if (!text.matches("(\\d+(\\.\\d+)*)?")) {
      throw new IllegalArgumentException("not a version of PostgreSQL: " + text);
    }
  }

  /** Tells whether {@code other} is this version or begins with it. */
  public boolean covers(PostgresVersion other) {
    return text.isEmpty() || other.text.equals(text) || other.text.startsWith(text + ".");
  }

  /** Returns the first number; 0 for the newest at hand. */
  public int major() {
    return text.isEmpty() ? 0 : numbers().get(0);
  }

  @Override
  public int compareTo(PostgresVersion other) {
    return NUMERIC.compare(this, other);
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "newest" : text;
  }

  private List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split("\\.")) {
      if (!part.isEmpty()) {
        numbers.add(Integer.valueOf(part));
      }
    }
    return numbers;
  }
}
