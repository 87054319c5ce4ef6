package io.sluice.proxy.guard;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one address: who is there now, and what has failed lately. Thread-safe: its
 * lock, which is held for a few instructions.
 *
 * <p>An address from which somebody is logged in is never refused, whatever else comes from it:
 * behind it there may be thousands who have done nothing wrong. Failed logins are answered late
 * there too.
 */
public final class Visitor {
  private static final long NS_PER_S = 1_000_000_000L;

  /** Failures are forgotten when none has come for this long. */
  static final long FORGET_NS = 60 * NS_PER_S;

  /** People mistype, and deployments roll: so many failures cost nothing. */
  static final int FREE_FAILURES = 10;

  /** One login in so much time is let try where the others are refused. */
  private static final long TRICKLE_NS = NS_PER_S;

  private static final int BURST_LINES = 20;
  private static final int LOCAL_BURST_LINES = 100;

  private final @Nullable Network network;
  private final String display;
  private final LineBudget lines;
  private int loggingIn;
  private int loggedIn;
  private int failures;
  private long lastFailureNs;
  private long lastTryNs;
  private long windowNs;
  private int windowLogins;
  private long failedTotal;
  private long delayedTotal;
  private long refusedTotal;
  private boolean hasTried;
  private boolean kept;

  /** The login that was let try last. */
  private @Nullable Object lastLet;

  private Visitor(@Nullable Network network, String display, int burstLines) {
    this.network = network;
    this.display = display;
    this.lines = new LineBudget("connections from " + display, burstLines);
  }

  /** An address of the network. */
  static Visitor from(Network network) {
    return new Visitor(network, network.display(), BURST_LINES);
  }

  /** This machine: it is counted, and never slowed down or refused. */
  static Visitor local(String display) {
    return new Visitor(null, display, LOCAL_BURST_LINES);
  }

  // ---- coming and going

  synchronized void arrived() {
    loggingIn++;
  }

  /** Says whether more connections are on their way in than may be. */
  public synchronized boolean isCrowded(GuardLimits limits) {
    boolean crowded =
        !isLocal() && limits.loginConnections() > 0 && loggingIn > limits.loginConnections();
    if (crowded) {
      refusedTotal++;
    }
    return crowded;
  }

  /**
   * Somebody wants to log in.
   *
   * @param who the same object for all of one login
   */
  public synchronized Verdict tries(long nowNs, GuardLimits limits, Object who) {
    if (isLocal()) {
      return Verdict.MAY_TRY;
    }
    if (isTooFast(nowNs, limits)) {
      refusedTotal++;
      return Verdict.TOO_FAST;
    }
    if (isRefused(nowNs, limits) && hasTried && nowNs - lastTryNs < TRICKLE_NS) {
      refusedTotal++;
      return Verdict.TOO_MANY_FAILURES;
    }
    let(who, nowNs);
    return Verdict.MAY_TRY;
  }

  private void let(Object who, long nowNs) {
    hasTried = true;
    lastTryNs = nowNs;
    lastLet = who;
  }

  /**
   * A password, or a part of the proof of one, has come: says whether it is looked at. Others may
   * have failed since the login began.
   *
   * @param who the same object for all of one login
   */
  public synchronized boolean mayAnswer(long nowNs, GuardLimits limits, Object who) {
    if (isLocal() || !isRefused(nowNs, limits) || lastLet == who) {
      return true;
    }
    if (nowNs - lastTryNs < TRICKLE_NS) {
      refusedTotal++;
      return false;
    }
    let(who, nowNs);
    return true;
  }

  private boolean isTooFast(long nowNs, GuardLimits limits) {
    if (limits.loginsPerSecond() == 0) {
      return false;
    }
    if (nowNs - windowNs >= NS_PER_S) {
      windowNs = nowNs;
      windowLogins = 0;
    }
    windowLogins++;
    return windowLogins > limits.loginsPerSecond();
  }

  private boolean isRefused(long nowNs, GuardLimits limits) {
    return limits.failedLogins() > 0 && loggedIn == 0 && failuresAt(nowNs) >= limits.failedLogins();
  }

  private int failuresAt(long nowNs) {
    if (failures > 0 && nowNs - lastFailureNs > FORGET_NS) {
      failures = 0;
    }
    return failures;
  }

  /** Somebody has proved who it is. */
  public synchronized void passed() {
    loggingIn--;
    loggedIn++;
    failures = 0;
  }

  /**
   * A password was wrong.
   *
   * @return how much later that is to be answered, in nanoseconds; 0 for at once
   */
  public synchronized long failed(long nowNs, GuardLimits limits) {
    failures = failuresAt(nowNs) + 1;
    failedTotal++;
    lastFailureNs = nowNs;
    if (isLocal() || failures <= FREE_FAILURES || limits.failureDelayNs() == 0) {
      return 0;
    }
    delayedTotal++;
    return limits.failureDelayNs();
  }

  /** A password that was counted as wrong was right after all. */
  public synchronized void forgive() {
    failures = Math.max(0, failures - 1);
    failedTotal--;
  }

  /** A connection has gone. */
  synchronized void left(boolean wasLoggedIn) {
    if (wasLoggedIn) {
      loggedIn--;
    } else {
      loggingIn--;
    }
  }

  /** Takes one line of the log; false when it has to be left out. */
  public boolean mayLog(long nowNs) {
    return lines.take(nowNs);
  }

  // ---- being remembered

  /** Logs how many lines were left out, if any were. */
  void logOmitted() {
    lines.logOmitted();
  }

  /** Says whether nobody is there any more. */
  synchronized boolean isGone() {
    return loggingIn == 0 && loggedIn == 0;
  }

  /** Says whether there is nothing about it that matters any more. */
  synchronized boolean isForgettable(long nowNs) {
    return isGone()
        && failuresAt(nowNs) == 0
        && lines.omittedTotal() == 0
        && lines.isWhole(nowNs)
        && (windowLogins == 0 || nowNs - windowNs >= NS_PER_S);
  }

  /** Says whether nobody is there, and failures of the last minute still count. */
  synchronized boolean isRemembered(long nowNs) {
    return isGone() && failuresAt(nowNs) > 0;
  }

  /** Notes that it is remembered; false when it was already. */
  synchronized boolean keep() {
    boolean first = !kept;
    kept = true;
    return first;
  }

  /** Notes that it is not remembered any more. */
  synchronized void unkeep() {
    kept = false;
  }

  // ---- queries

  /** What it is known by in the table; null for this machine, which is not in there. */
  @Nullable Network network() {
    return network;
  }

  private boolean isLocal() {
    return network == null;
  }

  /** What is known now, for SHOW LOGINS. */
  public synchronized Snapshot snapshot(long nowNs, GuardLimits limits) {
    int recent = failuresAt(nowNs);
    String state = "";
    if (!isLocal() && isRefused(nowNs, limits)) {
      state = "refused";
    } else if (!isLocal() && recent > FREE_FAILURES && limits.failureDelayNs() > 0) {
      state = "delayed";
    }
    return new Snapshot(
        display,
        state,
        loggingIn,
        loggedIn,
        recent,
        failedTotal,
        delayedTotal,
        refusedTotal,
        lines.omittedTotal());
  }

  /**
   * One row of SHOW LOGINS. Immutable.
   *
   * @param address an address, or the /64 of one
   * @param state empty, {@code delayed} or {@code refused}: what happens to logins now
   * @param loggingIn connections that have not logged in yet
   * @param loggedIn connections that have
   * @param failed wrong passwords, until one is right or none has come for a minute
   * @param failedTotal wrong passwords
   * @param delayedTotal of these, how many were answered late
   * @param refusedTotal connections that were not let try
   * @param omittedTotal lines that the log does not have
   */
  public record Snapshot(
      String address,
      String state,
      int loggingIn,
      int loggedIn,
      int failed,
      long failedTotal,
      long delayedTotal,
      long refusedTotal,
      long omittedTotal) {}

  @Override
  public String toString() {
    return display;
  }
}
