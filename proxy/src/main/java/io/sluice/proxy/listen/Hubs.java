package io.sluice.proxy.listen;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.session.ListenText;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The hubs of all databases that anybody listens in. Confined to its event loop: with several
 * loops, each has hubs of its own.
 */
public final class Hubs implements Maintained {
  private final Pools pools;
  private final ListenText text = new ListenText();
  private final Map<Database, Hub> hubs = new HashMap<>();

  public Hubs(Pools pools) {
    this.pools = pools;
  }

  /**
   * The hub of a database, made when there is none.
   *
   * @param user whom a new hub logs in as: LISTEN needs no rights
   */
  public Hub open(Database database, User user) {
    return hubs.computeIfAbsent(database, made -> new Hub(pools, made, user));
  }

  /** Reads statements. */
  public ListenText text() {
    return text;
  }

  @Override
  public void maintain(long nowNs) {
    for (Iterator<Hub> all = List.copyOf(hubs.values()).iterator(); all.hasNext(); ) {
      Hub hub = all.next();
      hub.maintain(nowNs);
      if (hub.isOver()) {
        hubs.values().remove(hub);
      }
    }
  }
}
