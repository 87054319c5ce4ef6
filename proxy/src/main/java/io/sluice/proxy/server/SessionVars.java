package io.sluice.proxy.server;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The values of the tracked parameters that a client wants. One that it does not mention is to be
 * what a new session of its server has. Confined to the event loop.
 */
@HotPath
public final class SessionVars {
  private final TrackedParameters tracked;
  private @Nullable String[] values;
  private boolean proven = true;

  /** Others have the same array: it is copied before it is changed. */
  private boolean shared;

  public SessionVars(TrackedParameters tracked) {
    this.tracked = tracked;
    this.values = new @Nullable String[tracked.count()];
  }

  /** Notes a value that PostgreSQL has reported. */
  public void set(int index, String value) {
    if (!value.equals(values[index])) {
      change(index, value);
    }
  }

  private void change(int index, String value) {
    if (shared) {
      values = values.clone();
      shared = false;
    }
    values[index] = value;
  }

  /** Holds the values in common with the clients that have the same. */
  public void share(SharedVars with) {
    values = with.of(values);
    shared = true;
  }

  /**
   * Notes a value that a client asks for and no server has accepted yet.
   *
   * @see #isProven
   */
  public void wish(int index, String value) {
    change(index, value);
    proven = false;
  }

  /** Notes that a server has accepted all values. */
  public void prove() {
    proven = true;
  }

  /** Says whether every value has been accepted by a server before. */
  public boolean isProven() {
    return proven;
  }

  public @Nullable String get(int index) {
    return values[index];
  }

  /** The names behind the positions. */
  public TrackedParameters tracked() {
    return tracked;
  }
}
