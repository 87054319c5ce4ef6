package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.pool.Pool;
import java.util.List;

/**
 * SHOW LISTS: how many of everything. The console counts as a database and a pool. Nothing is kept
 * for later use here, so the free lists are always empty.
 */
public final class ShowLists implements Show {
  private static final List<Column> COLUMNS = Columns.text("list").andInt4("items").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    int login = view.allClients(client -> client.state() == ClientState.LOGIN).size();
    table.row("databases", view.databases().size() + 1);
    table.row("users", view.users().size());
    table.row("peers", view.clients().config().peers().size());
    table.row("pools", poolCount(view) + 1);
    table.row("peer_pools", view.clients().config().peers().size());
    table.row("free_clients", 0);
    table.row("used_clients", view.workers().clientCount() - login);
    table.row("login_clients", login);
    table.row("free_servers", 0);
    table.row("used_servers", serverCount(view));
    table.row("dns_names", view.hosts().size());
    table.row("dns_zones", 0);
    table.row("dns_queries", dnsQueries(view));
    table.row("dns_pending", 0);
  }

  private static int poolCount(ProxyView view) {
    return (int) view.allPools().stream().map(Pool::key).distinct().count();
  }

  private static int dnsQueries(ProxyView view) {
    return view.workers().all().stream().mapToInt(worker -> worker.resolver().pending()).sum();
  }

  private static int serverCount(ProxyView view) {
    int count = 0;
    for (Pool pool : view.allPools()) {
      count += pool.lane().serverCount();
    }
    return count;
  }
}
