package io.sluice.proxy.pool;

import io.sluice.proxy.guard.LineBudget;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cancel requests for one peer: those on their way, and behind them those that wait for a place
 * there. Each step takes the same time, however many there are: anybody can make up keys that name
 * the peer. Confined to the event loop.
 */
final class PeerQueue {
  /** More than clients cancel at once; beyond that, most are made up. */
  static final int MAX_WAITING = 1000;

  private static final int BURST_LINES = 20;

  private final int peerId;
  private final Set<PeerOrder> waiting = new LinkedHashSet<>();
  private final Set<PeerOrder> underWay = new LinkedHashSet<>();
  private final LineBudget lines;
  private boolean launching;

  PeerQueue(int peerId) {
    this.peerId = peerId;
    this.lines = new LineBudget("peer-" + peerId, BURST_LINES);
  }

  void add(PeerOrder order) {
    waiting.add(order);
  }

  void remove(PeerOrder order) {
    if (!underWay.remove(order)) {
      waiting.remove(order);
    }
  }

  /**
   * Begins to launch requests; {@link #launched} must follow.
   *
   * @return false when that is being done already: what ends at once must not begin another round
   */
  boolean mayLaunch() {
    boolean may = !launching;
    launching = true;
    return may;
  }

  void launched() {
    launching = false;
  }

  /**
   * Takes the next request that may go its way; null when there is none, or no place.
   *
   * @param size places; 0 for any number
   */
  @Nullable PeerOrder next(int size) {
    if (waiting.isEmpty() || (size > 0 && underWay.size() >= size)) {
      return null;
    }
    Iterator<PeerOrder> first = waiting.iterator();
    PeerOrder order = first.next();
    first.remove();
    underWay.add(order);
    return order;
  }

  /** Takes one line of the log about the peer. */
  boolean mayLog(long nowNs) {
    return lines.take(nowNs);
  }

  int peerId() {
    return peerId;
  }

  boolean isFull() {
    return waiting.size() >= MAX_WAITING;
  }

  /** All requests; those that wait come first, so that none is launched just to be ended. */
  List<PeerOrder> all() {
    List<PeerOrder> all = new ArrayList<>(waiting);
    all.addAll(underWay);
    return all;
  }

  /** Requests that the peer was sent. */
  int sentCount() {
    int count = 0;
    for (PeerOrder order : underWay) {
      if (order.isSent()) {
        count++;
      }
    }
    return count;
  }

  int waitingCount() {
    return waiting.size();
  }

  int underWayCount() {
    return underWay.size();
  }
}
