package io.sluice.proxy.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of tracked parameters that several clients have in common: they hold one array. Remembers
 * the newest ones only. Confined to its event loop.
 */
public final class SharedVars {
  private static final int PLACES = 64;
  private static final @Nullable String[] NONE = {};

  private final List<@Nullable String[]> places;

  /** Remembers none yet. */
  public SharedVars() {
    places = new ArrayList<>(Collections.nCopies(PLACES, NONE));
  }

  /** The array that stands for all equal ones; nobody may write to it any more. */
  @Nullable String[] of(@Nullable String[] values) {
    int hash = Arrays.hashCode(values);
    int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
    @Nullable String[] known = places.get(place);
    if (Arrays.equals(known, values)) {
      return known;
    }
    places.set(place, values);
    return values;
  }
}
