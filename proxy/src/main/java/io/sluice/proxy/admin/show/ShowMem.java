package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.lifecycle.Worker;
import io.sluice.proxy.net.MemoryBudget;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.server.Server;
import java.util.List;

/**
 * SHOW MEM: how many objects of PgBouncer's kinds there are.
 *
 * <p>The counts are exact; the sizes are estimates for a 64-bit JVM with compressed pointers, made
 * once by adding fields up. There is no pool of free objects here, so {@code free} is 0. The last
 * rows are PgBouncer's in form only: they tell where bytes are.
 */
public final class ShowMem implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("name").andInt4("size", "used", "free", "memtotal").list();

  private static final int USER_BYTES = 160;
  private static final int CREDENTIALS_BYTES = 120;
  private static final int DATABASE_BYTES = 400;
  private static final int PEER_BYTES = 120;
  private static final int POOL_BYTES = 1_400;
  private static final int REQUEST_BYTES = 16;
  private static final int SERVER_BYTES = 1_900;
  private static final int CLIENT_BYTES = 780;
  private static final int VARS_BYTES = 80;
  private static final int STATEMENT_BYTES = 150;

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    int peers = view.clients().config().peers().size();
    int clients = view.workers().clientCount();
    Tally tally = Tally.of(view);
    row(table, "user_cache", USER_BYTES, view.users().size());
    row(table, "credentials_cache", CREDENTIALS_BYTES, tally.credentials);
    row(table, "db_cache", DATABASE_BYTES, view.databases().size() + 1);
    row(table, "peer_cache", PEER_BYTES, peers);
    row(table, "peer_pool_cache", POOL_BYTES, peers);
    row(table, "pool_cache", POOL_BYTES, view.allPools().size() + 1);
    row(table, "outstanding_request_cache", REQUEST_BYTES, tally.requests);
    row(table, "server_cache", SERVER_BYTES, tally.servers);
    row(table, "client_cache", CLIENT_BYTES, clients);
    // Buffers are of many sizes, and are told by their bytes below.
    row(table, "iobuf_cache", 0, 0);
    row(table, "var_list_cache", VARS_BYTES, clients + tally.servers);
    row(table, "server_prepared_statement_cache", STATEMENT_BYTES, tally.statements);
    bytes(table, view);
  }

  /**
   * Rows of our own, in bytes: what is used, what of that is free to use, and the most there is.
   */
  private static void bytes(ShowTable table, ProxyView view) {
    MemoryBudget budget = view.pools().loop().memory();
    budget.measure();
    long used = budget.usedBytes();
    bytes(table, "memory_limit", used, budget.limitBytes() - used, budget.limitBytes());
    long reserved = MemoryBudget.reservedBytes();
    bytes(table, "buffers", used, reserved - used, reserved);
    bytes(table, "client_buffers", clientBytes(view));
    bytes(table, "server_buffers", serverBytes(view));
    statements(table, view);
    Runtime java = Runtime.getRuntime();
    bytes(
        table,
        "heap",
        java.totalMemory() - java.freeMemory(),
        java.maxMemory() - java.totalMemory() + java.freeMemory(),
        java.totalMemory());
    long direct = MemoryBudget.directBytes();
    bytes(table, "direct", direct, MemoryBudget.maxBytes() - direct, direct);
  }

  /** Texts of prepared statements, and the names that clients have for them. */
  private static void statements(ShowTable table, ProxyView view) {
    long used = 0;
    long most = 0;
    for (Worker worker : view.workers().all()) {
      StatementCache registry = worker.pools().statements();
      used += registry.bytes();
      most += registry.maxBytes();
    }
    bytes(table, "prepared_statements", used, most - used, most);
  }

  /** What clients have sent and nobody could take yet, and what they have not read. */
  private static long clientBytes(ProxyView view) {
    long bytes = 0;
    for (Client client : view.allClients(c -> true)) {
      bytes += client.inbox().heldBytes() + client.connection().pendingBytes();
    }
    return bytes;
  }

  private static long serverBytes(ProxyView view) {
    long[] bytes = {0};
    ShowServers.forEach(view, server -> bytes[0] += pending(server));
    return bytes[0];
  }

  private static long pending(Server server) {
    PgConnection connection = server.connection();
    return connection == null ? 0 : connection.pendingBytes();
  }

  private static void bytes(ShowTable table, String name, long used) {
    bytes(table, name, used, 0, used);
  }

  private static void bytes(ShowTable table, String name, long used, long free, long total) {
    table.row(name, 1, number(used), number(free), number(total));
  }

  /** The columns are of four bytes. */
  private static int number(long bytes) {
    return (int) Math.max(0, Math.min(bytes, Integer.MAX_VALUE));
  }

  private static void row(ShowTable table, String name, int objectBytes, int count) {
    table.row(name, objectBytes, count, 0, objectBytes * count);
  }

  /** What has to be counted one by one. */
  private static final class Tally {
    int credentials;
    int servers;
    int requests;
    int statements;

    static Tally of(ProxyView view) {
      Tally tally = new Tally();
      for (User user : view.users()) {
        tally.credentials += user.credentials() == null ? 0 : 1;
      }
      for (Pool pool : view.allPools()) {
        tally.servers += pool.lane().serverCount();
      }
      ShowServers.forEach(view, tally::add);
      return tally;
    }

    private void add(Server server) {
      requests += server.requests().size();
      statements += server.statements().count();
    }
  }
}
