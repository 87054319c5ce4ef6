package io.sluice.proxy.lifecycle;

import io.sluice.proxy.os.QuitSignal;
import io.sluice.proxy.os.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns signals into actions, with PgBouncer's log lines:
 *
 * <pre>
 * SIGHUP   reload
 * SIGTERM  shut down when the last client is gone; a second one, or one during SUSPEND: at once
 * SIGINT   shut down when the last server is released; likewise
 * SIGQUIT  end at once
 * SIGUSR1  pause
 * SIGUSR2  resume
 * </pre>
 *
 * Thread-safe: one signal at a time, except SIGQUIT, which waits for nobody.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final SignalActions actions;
  private final SystemdNotify systemd;

  public Signals(SignalActions actions, SystemdNotify systemd) {
    this.actions = actions;
    this.systemd = systemd;
  }

  /** Listens to all signals but SIGQUIT from now on. */
  public void install() {
    SignalHandler.register("HUP", this::onHangup);
    SignalHandler.register("TERM", this::onTerminate);
    SignalHandler.register("INT", this::onInterrupt);
    SignalHandler.register("USR1", this::onUser1);
    SignalHandler.register("USR2", this::onUser2);
  }

  /**
   * Listens to SIGQUIT too; until then it makes Java print its threads.
   *
   * @param file3IsFree whether the starter of this process has set file 3 aside; without it SIGQUIT
   *     ends the process by its default action, without a log line and with the status of a signal
   */
  public void installQuit(boolean file3IsFree) {
    if (file3IsFree) {
      QuitSignal.callThroughFile3(this::onQuit);
    } else {
      QuitSignal.endProcess();
    }
  }

  synchronized void onHangup() {
    LOG.info("got SIGHUP, re-reading config");
    systemd.reloading();
    // Not waited for: files may be slow, and the next signal may say to end.
    actions.reload(systemd::ready);
  }

  synchronized void onTerminate() {
    if (mayWait("SIGTERM", "waiting for all clients disconnect")) {
      actions.shutDownWithoutClients();
    }
  }

  synchronized void onInterrupt() {
    if (mayWait("SIGINT", "waiting for all servers connections to be released")) {
      actions.shutDownWithoutServers();
    }
  }

  void onQuit() {
    LOG.info("got SIGQUIT, fast exit");
    actions.exitNow();
  }

  synchronized void onUser1() {
    if (actions.activity() == Activity.RUNNING) {
      LOG.info("got SIGUSR1, pausing all activity");
      actions.pause();
    } else {
      LOG.info("got SIGUSR1, but already paused/suspended");
    }
  }

  synchronized void onUser2() {
    switch (actions.activity()) {
      case RUNNING -> LOG.info("got SIGUSR2, but not paused/suspended");
      case SHUTTING_DOWN -> LOG.info("got SIGUSR2 while shutting down, ignoring");
      case PAUSED, SUSPENDED -> {
        boolean paused = actions.activity() == Activity.PAUSED;
        LOG.info("got SIGUSR2, continuing from {}", paused ? "PAUSE" : "SUSPEND");
        actions.resume();
      }
    }
  }

  /** Ends the process where there is nothing to wait for; otherwise announces the wait. */
  private boolean mayWait(String signal, String wait) {
    Activity activity = actions.activity();
    if (activity == Activity.SHUTTING_DOWN) {
      LOG.info("got {} while shutting down, fast exit", signal);
      actions.exitNow();
      return false;
    }
    LOG.info("got {}, shutting down, {}", signal, wait);
    systemd.stopping();
    if (activity == Activity.SUSPENDED) {
      LOG.warn("suspend was in progress, going down immediately");
      actions.exitNow();
      return false;
    }
    return true;
  }
}
