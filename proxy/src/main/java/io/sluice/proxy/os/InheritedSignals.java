package io.sluice.proxy.os;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * What signals do before anybody asked for them. A process started by nohup or in the background of
 * a script inherits some as ignored, and the JVM then refuses to handle those.
 */
public final class InheritedSignals {
  static final @Nullable Pointer DEFAULT_ACTION = Pointer.NULL;

  private InheritedSignals() {}

  /**
   * Gives SIGHUP, SIGINT and SIGTERM back their default action, so that handlers which are
   * registered afterwards are called. To be called once, before any handler is registered.
   */
  public static void reset() {
    Libc.signal(Libc.SIGHUP, DEFAULT_ACTION);
    Libc.signal(Libc.SIGINT, DEFAULT_ACTION);
    Libc.signal(Libc.SIGTERM, DEFAULT_ACTION);
  }
}
