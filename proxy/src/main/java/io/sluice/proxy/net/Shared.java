package io.sluice.proxy.net;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns equal immutable values into one object: thousands of connections come from a few addresses
 * and have a few kinds of limits.
 *
 * <p>Remembers as many values as it has places, the newest of each place; what it has forgotten is
 * merely not shared with those that come later. Confined to its event loop.
 *
 * @param <T> of the values
 */
public final class Shared<T> {
  private final @Nullable Object[] places;

  /**
   * Makes an empty one.
   *
   * @param places how many values are remembered; a power of two
   */
  public Shared(int places) {
    this.places = new @Nullable Object[places];
  }

  /** The object that stands for all values equal to this one. */
  @SuppressWarnings("unchecked") // a place holds nothing but values
  public T of(T value) {
    int hash = Objects.hashCode(value);
    int place = (hash ^ (hash >>> 16)) & (places.length - 1);
    Object known = places[place];
    if (value.equals(known)) {
      return (T) known;
    }
    places[place] = value;
    return value;
  }
}
