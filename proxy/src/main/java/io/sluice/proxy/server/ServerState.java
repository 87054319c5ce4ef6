package io.sluice.proxy.server;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a server is doing: the list of its lane that it is in, and its word in SHOW SERVERS.
 *
 * <pre>
 *            ┌──────────────────────────── release ───────────────────────┐
 *   LOGIN ─→ IDLE ─→ ACTIVE ─→ (TESTED: reset query) ─→ IDLE              │
 *     ├────────┼─→ (ACTIVE: made for one client alone)
 *     │        ╰→ USED ─→ TESTED (check query) ─→ IDLE                    │
 *     ╰→ CARRYING_CANCEL        ACTIVE ─→ BEING_CANCELED ─→ IDLE / TESTED ┘
 *   any ─→ CLOSED
 * </pre>
 */
public enum ServerState {
  /** Connecting, logging in, or running connect_query. */
  LOGIN("new"),
  /** Free, and fresh enough to be used at once. */
  IDLE("idle"),
  /** Free, but to be checked first. */
  USED("used"),
  /** Running the reset query or the check query. */
  TESTED("tested"),
  /** Leased. */
  ACTIVE("active"),
  /** Released, but a cancel request aimed at it is still under way. */
  BEING_CANCELED("being_canceled"),
  /** A connection that only carries a cancel request. */
  CARRYING_CANCEL("active_cancel"),
  /** Gone. */
  CLOSED("closed");

  private static final Map<ServerState, Set<ServerState>> NEXT = new EnumMap<>(ServerState.class);

  static {
    allow(LOGIN, IDLE, ACTIVE, CARRYING_CANCEL);
    allow(IDLE, ACTIVE, USED, TESTED);
    allow(USED, TESTED, IDLE);
    allow(TESTED, IDLE, USED, BEING_CANCELED);
    allow(ACTIVE, IDLE, USED, TESTED, BEING_CANCELED);
    allow(BEING_CANCELED, IDLE, USED, TESTED);
    allow(CARRYING_CANCEL);
    allow(CLOSED);
  }

  private final String word;

  ServerState(String word) {
    this.word = word;
  }

  private static void allow(ServerState from, ServerState... next) {
    Set<ServerState> set = EnumSet.noneOf(ServerState.class);
    set.addAll(Set.of(next));
    if (from != CLOSED) {
      set.add(CLOSED);
    }
    NEXT.put(from, set);
  }

  /** Says whether a server may go from this state to that. */
  public boolean mayBecome(ServerState next) {
    return NEXT.getOrDefault(this, Set.of()).contains(next);
  }

  /** The word in SHOW SERVERS. */
  public String word() {
    return word;
  }
}
