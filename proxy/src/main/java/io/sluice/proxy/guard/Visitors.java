package io.sluice.proxy.guard;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who is connected, or has left a trace lately, by address. Thread-safe: every event loop
 * counts here.
 *
 * <p>Bounded by the connections that there are, and by a number of addresses that are remembered
 * after they have left; of more, those that have left first are forgotten.
 */
public final class Visitors {
  /** About 2 MB. */
  static final int MAX_KEPT = 10_000;

  private final ConcurrentMap<Network, Visitor> byNetwork = new ConcurrentHashMap<>();
  private final Queue<Kept> kept = new ConcurrentLinkedQueue<>();
  private final AtomicInteger keptCount = new AtomicInteger();
  private final Visitor loopback = Visitor.local("loopback");
  private final Visitor unix = Visitor.local("unix");
  private volatile GuardLimits limits = GuardLimits.NONE;

  private record Kept(Network network, Visitor visitor, long sinceNs) {}

  /** Takes new limits. */
  public void configure(GuardLimits next) {
    limits = next;
  }

  /** The limits in force. */
  public GuardLimits limits() {
    return limits;
  }

  /**
   * Counts a new connection; {@link #left} must follow.
   *
   * @param address null on a Unix socket
   */
  public Visitor arrived(@Nullable InetAddress address) {
    if (address == null || address.isLoopbackAddress()) {
      Visitor local = address == null ? unix : loopback;
      local.arrived();
      return local;
    }
    Network network = Network.of(address);
    return byNetwork.compute(network, (key, known) -> greet(key, known));
  }

  /** Counted while the table holds the entry, so that it cannot be forgotten in between. */
  private static Visitor greet(Network network, @Nullable Visitor known) {
    Visitor visitor = known == null ? Visitor.from(network) : known;
    visitor.arrived();
    return visitor;
  }

  /** Counts a connection that has gone. */
  public void left(Visitor visitor, boolean wasLoggedIn, long nowNs) {
    visitor.left(wasLoggedIn);
    Network network = visitor.network();
    if (network == null || !visitor.isGone()) {
      return;
    }
    byNetwork.computeIfPresent(network, (key, known) -> known.isForgettable(nowNs) ? null : known);
    if (byNetwork.get(network) == visitor && visitor.keep()) {
      keep(network, visitor, nowNs);
    }
  }

  private void keep(Network network, Visitor visitor, long nowNs) {
    kept.add(new Kept(network, visitor, nowNs));
    if (keptCount.incrementAndGet() > MAX_KEPT) {
      Kept oldest = kept.poll();
      if (oldest != null) {
        forget(oldest);
      }
    }
  }

  /** Forgets, unless somebody has come back meanwhile: then leaving counts anew. */
  private void forget(Kept oldest) {
    Visitor visitor = oldest.visitor();
    keptCount.decrementAndGet();
    visitor.unkeep();
    byNetwork.computeIfPresent(
        oldest.network(), (key, known) -> known == visitor && known.isGone() ? null : known);
    visitor.logOmitted();
  }

  /** Forgets those who have left long ago. Any loop may do that. */
  public void maintain(long nowNs) {
    Kept oldest = kept.peek();
    while (oldest != null && nowNs - oldest.sinceNs() > Visitor.FORGET_NS) {
      if (kept.remove(oldest)) {
        retire(oldest, nowNs);
      }
      oldest = kept.peek();
    }
  }

  /** It may have come back and failed again since it was put here. */
  private void retire(Kept oldest, long nowNs) {
    if (oldest.visitor().isRemembered(nowNs)) {
      kept.add(new Kept(oldest.network(), oldest.visitor(), nowNs));
    } else {
      forget(oldest);
    }
  }

  /** Everybody as they are now, this machine first. */
  public List<Visitor.Snapshot> snapshots(long nowNs) {
    List<Visitor.Snapshot> all = new ArrayList<>();
    all.add(unix.snapshot(nowNs, limits));
    all.add(loopback.snapshot(nowNs, limits));
    byNetwork.values().forEach(visitor -> all.add(visitor.snapshot(nowNs, limits)));
    return all;
  }

  /** How many addresses are in the table. */
  public int count() {
    return byNetwork.size();
  }
}
