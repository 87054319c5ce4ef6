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
  private final @Nullable String[] values;
  private boolean proven = true;

  public SessionVars(TrackedParameters tracked) {
    this.tracked = tracked;
    this.values = new @Nullable String[tracked.count()];
  }

  /** Notes a value that PostgreSQL has reported. */
  public void set(int index, String value) {
    values[index] = value;
  }

  /**
   * Notes a value that a client asks for and no server has accepted yet.
   *
   * @see #isProven
   */
  public void wish(int index, String value) {
    values[index] = value;
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
