package io.sluice.proxy.client;

import io.sluice.protocol.SqlState;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.MemoryBudget;
import io.sluice.proxy.net.MemoryBudget.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients feel of memory_limit. Confined to the event loop.
 *
 * <p>While memory is tight, clients without a server are not read: what they send would have to be
 * kept. Those with a server are, so that transactions end and servers come free; so are those whose
 * message is kept until it is whole, for it would never be. When the limit is passed all the same,
 * the largest of these is ended: nobody waits for a server with it.
 */
final class MemoryPressure implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(MemoryPressure.class);
  private static final long KIB = 1024;

  /** What a client may have sent before it is known that it has to wait: two reads. */
  private static final int SMALL_BYTES = 128 * 1024;

  private final Clients clients;
  private final MemoryBudget budget;
  private boolean tight;
  private boolean ending;

  MemoryPressure(Clients clients, MemoryBudget budget) {
    this.clients = clients;
    this.budget = budget;
  }

  @Override
  public void maintain(long nowNs) {
    budget.measure();
    ease();
  }

  private void ease() {
    if (tight && budget.level() == Level.PLENTY) {
      tight = false;
      log.info("memory is plenty again: {}", used());
      for (Client client = clients.first(); client != null; client = client.next()) {
        client.connection().resume(Link.MEMORY);
      }
    }
  }

  /** Memory was measured, and is tight. May be called from inside a read: it only stops reading. */
  void measured() {
    if (!tight) {
      tight = true;
      log.warn("memory is tight: {}; clients without a server are not read", used());
    }
    for (Client client = clients.first(); client != null; client = client.next()) {
      if (client.queryPhase() != null && client.server() == null && !isAssembling(client)) {
        client.connection().pause(Link.MEMORY);
      }
    }
    if (budget.level() == Level.FULL && !ending) {
      ending = true;
      clients.pools().loop().execute(this::endLargest);
    }
  }

  /** Says whether what the client has sent waits for more of itself, and not for a server. */
  private static boolean isAssembling(Client client) {
    return client.inbox().heldBytes() > 0 && client.state() == ClientState.ACTIVE;
  }

  private void endLargest() {
    ending = false;
    budget.measure();
    if (budget.level() != Level.FULL) {
      return;
    }
    Client largest = largest();
    if (largest != null) {
      largest.close(
          ClientClose.OUT_OF_MEMORY,
          SqlState.OUT_OF_MEMORY,
          "no memory for a message of this size: " + used());
    }
  }

  private @Nullable Client largest() {
    Client largest = null;
    int most = SMALL_BYTES;
    for (Client client = clients.first(); client != null; client = client.next()) {
      int held = client.inbox().heldBytes();
      if (held > most && isAssembling(client)) {
        largest = client;
        most = held;
      }
    }
    return largest;
  }

  /**
   * Why nobody may log in now; null when everybody may. While that is so, memory is looked at
   * again, and everybody is read again if it is plenty: another loop may have given its buffers
   * back.
   */
  @Nullable String refusal() {
    if (tight) {
      budget.look();
      ease();
    }
    return tight ? "no memory for more clients: " + used() : null;
  }

  private String used() {
    return "buffers hold "
        + budget.usedBytes() / KIB
        + " kB of "
        + budget.limitBytes() / KIB
        + " kB (memory_limit)";
  }
}
