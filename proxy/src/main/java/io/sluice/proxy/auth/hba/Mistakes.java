package io.sluice.proxy.auth.hba;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the files, each with its place. Confined to one thread. */
final class Mistakes {
  private static final int MOST = 20;

  private final List<String> found = new ArrayList<>();

  /** Notes a mistake at {@code file:line}. */
  void add(String place, String sentence) {
    if (found.size() < MOST) {
      found.add(place + ": " + sentence);
    } else if (found.size() == MOST) {
      found.add(place + ": more mistakes follow");
    }
  }

  int count() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** All of them, as {@code file:line: sentence}. */
  List<String> all() {
    return List.copyOf(found);
  }
}
