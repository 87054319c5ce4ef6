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
import java.util.ArrayList;
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
    for (List<Pool> group : groups(view)) {
      PoolKey key = group.get(0).key();
      if (!consoleDone && key.compareTo(CONSOLE) > 0) {
        consoleRow(table, crowds);
        consoleDone = true;
      }
      row(table, group, crowds.getOrDefault(key, new Crowd()), view.nowNs());
    }
    if (!consoleDone) {
      consoleRow(table, crowds);
    }
  }

  private static Map<PoolKey, Crowd> count(ProxyView view) {
    Map<PoolKey, Crowd> crowds = new HashMap<>();
    for (Client client : view.allClients(c -> true)) {
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

  /**
   * Pools by database and user. Where clients log in as auth_user too, their pool and that of
   * auth_query are one row, and so is a pool that several loops serve: scripts rely on a pair of
   * names occurring once.
   */
  private static List<List<Pool>> groups(ProxyView view) {
    List<List<Pool>> groups = new ArrayList<>();
    Pool before = null;
    for (Pool pool : view.allPools()) {
      boolean isTwin =
          before != null
              && before.key().database().equals(pool.key().database())
              && before.key().user().equals(pool.key().user());
      if (isTwin) {
        groups.get(groups.size() - 1).add(pool);
      } else {
        groups.add(new ArrayList<>(List.of(pool)));
      }
      before = pool;
    }
    return groups;
  }

  private static void row(ShowTable table, List<Pool> group, Crowd crowd, long nowNs) {
    Pool first = group.get(0);
    long waitNs =
        group.stream().mapToLong(pool -> longestWaitNs(pool.lane(), nowNs)).max().orElse(0);
    table.row(
        first.key().database(),
        first.key().user(),
        crowd.active,
        group.stream().mapToInt(pool -> waiting(pool.lane())).sum(),
        crowd.activeCancels,
        crowd.waitingCancels,
        servers(group, ServerState.ACTIVE),
        servers(group, ServerState.CARRYING_CANCEL),
        servers(group, ServerState.BEING_CANCELED),
        servers(group, ServerState.IDLE),
        servers(group, ServerState.USED),
        servers(group, ServerState.TESTED),
        servers(group, ServerState.LOGIN),
        Times.seconds(waitNs),
        Times.microseconds(waitNs),
        first.settings().mode().word(),
        loadBalancing(first));
  }

  private static int waiting(Lane lane) {
    return lane.waiters().size() + lane.guests().size();
  }

  private static int servers(List<Pool> group, ServerState state) {
    return group.stream().mapToInt(pool -> pool.lane().servers(state).size()).sum();
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
