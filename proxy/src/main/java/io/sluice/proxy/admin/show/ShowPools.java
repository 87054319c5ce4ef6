package io.sluice.proxy.admin.show;

import io.sluice.config.value.HostList;
import io.sluice.config.value.PoolMode;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.pool.CancelOrder;
import io.sluice.proxy.pool.Lane;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.server.ServerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SHOW POOLS: how many of what, pool by pool; the console has a pool too. */
public final class ShowPools implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database", "user")
          .andInt4(
              "cl_active",
              "cl_waiting",
              "cl_active_cancel_req",
              "cl_waiting_cancel_req",
              "sv_active",
              "sv_active_cancel",
              "sv_being_canceled",
              "sv_idle",
              "sv_used",
              "sv_tested",
              "sv_login",
              "maxwait",
              "maxwait_us")
          .andText("pool_mode", "load_balance_hosts")
          .list();

  private static final PoolKey CONSOLE = new PoolKey(Front.CONSOLE, Front.CONSOLE);

  /** The clients of one pool that are not in its queue. */
  private static final class Crowd {
    int active;
    int activeCancels;
    int waitingCancels;
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    Map<PoolKey, Crowd> crowds = count(view);
    boolean consoleDone = false;
    for (Pool pool : view.pools().all()) {
      if (!consoleDone && pool.key().compareTo(CONSOLE) > 0) {
        consoleRow(table, crowds);
        consoleDone = true;
      }
      row(table, pool, crowds.getOrDefault(pool.key(), new Crowd()), view.nowNs());
    }
    if (!consoleDone) {
      consoleRow(table, crowds);
    }
  }

  private static Map<PoolKey, Crowd> count(ProxyView view) {
    Map<PoolKey, Crowd> crowds = new HashMap<>();
    for (Client client : view.clients().select(c -> true)) {
      CancelOrder order = ConnectionRow.cancelOrder(client);
      if (order != null) {
        Crowd crowd = crowds.computeIfAbsent(order.pool().key(), key -> new Crowd());
        if (order.isSent()) {
          crowd.activeCancels++;
        } else {
          crowd.waitingCancels++;
        }
      } else if (client.state() == ClientState.ACTIVE) {
        Pool pool = client.pool();
        crowds.computeIfAbsent(pool == null ? CONSOLE : pool.key(), key -> new Crowd()).active++;
      }
    }
    return crowds;
  }

  private static void row(ShowTable table, Pool pool, Crowd crowd, long nowNs) {
    Lane lane = pool.lane();
    long waitNs = longestWaitNs(lane, nowNs);
    table.row(
        pool.key().database(),
        pool.key().user(),
        crowd.active,
        lane.waiters().size(),
        crowd.activeCancels,
        crowd.waitingCancels,
        lane.servers(ServerState.ACTIVE).size(),
        lane.servers(ServerState.CARRYING_CANCEL).size(),
        lane.servers(ServerState.BEING_CANCELED).size(),
        lane.servers(ServerState.IDLE).size(),
        lane.servers(ServerState.USED).size(),
        lane.servers(ServerState.TESTED).size(),
        lane.servers(ServerState.LOGIN).size(),
        Times.seconds(waitNs),
        Times.microseconds(waitNs),
        pool.settings().mode().word(),
        loadBalancing(pool));
  }

  /** How long the first in the queue has waited for its query; 0 if it only logs in. */
  private static long longestWaitNs(Lane lane, long nowNs) {
    Waiter first = lane.waiters().firstWaiter();
    return first == null || first.queryStartNs() == 0 ? 0 : nowNs - first.queryStartNs();
  }

  private static @Nullable String loadBalancing(Pool pool) {
    HostList hosts = pool.database().config().hosts();
    return hosts.size() > 1 ? pool.database().config().loadBalanceHosts().word() : null;
  }

  private static void consoleRow(ShowTable table, Map<PoolKey, Crowd> crowds) {
    int clients = crowds.getOrDefault(CONSOLE, new Crowd()).active;
    String mode = PoolMode.STATEMENT.word();
    table.row(
        Front.CONSOLE, Front.CONSOLE, clients, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, mode, null);
  }
}
