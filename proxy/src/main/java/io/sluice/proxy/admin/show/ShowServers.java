package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerState;
import java.util.List;
import java.util.function.Consumer;

/** SHOW SERVERS: pool by pool, state by state. */
public final class ShowServers implements Show {
  private static final List<ServerState> ORDER =
      List.of(
          ServerState.ACTIVE,
          ServerState.IDLE,
          ServerState.USED,
          ServerState.TESTED,
          ServerState.LOGIN,
          ServerState.CARRYING_CANCEL,
          ServerState.BEING_CANCELED);

  @Override
  public List<Column> columns() {
    return ConnectionRow.COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    forEach(
        view,
        server -> table.row(ConnectionRow.of(server, ConnectionRow.stateOf(server), view.nowNs())));
  }

  /** Walks over all servers in the order of the table. */
  static void forEach(ProxyView view, Consumer<Server> action) {
    for (Pool pool : view.allPools()) {
      for (ServerState state : ORDER) {
        for (Server s = pool.lane().servers(state).first(); s != null; s = s.next()) {
          action.accept(s);
        }
      }
    }
  }
}
