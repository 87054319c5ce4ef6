package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.catalog.Catalog;
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
    Catalog catalog = view.pools().catalog();
    int login = view.clients().count(ClientState.LOGIN);
    table.row("databases", catalog.databases().size() + 1);
    table.row("users", catalog.users().size());
    table.row("peers", view.clients().config().peers().size());
    table.row("pools", view.pools().all().size() + 1);
    table.row("peer_pools", view.clients().config().peers().size());
    table.row("free_clients", 0);
    table.row("used_clients", view.clients().count() - login);
    table.row("login_clients", login);
    table.row("free_servers", 0);
    table.row("used_servers", serverCount(view));
    table.row("dns_names", view.resolver().entries().size());
    table.row("dns_zones", 0);
    table.row("dns_queries", view.resolver().pending());
    table.row("dns_pending", 0);
  }

  private static int serverCount(ProxyView view) {
    int count = 0;
    for (Pool pool : view.pools().all()) {
      count += pool.lane().serverCount();
    }
    return count;
  }
}
