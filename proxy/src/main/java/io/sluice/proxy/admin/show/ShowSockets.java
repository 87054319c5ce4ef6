package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHOW SOCKETS and SHOW ACTIVE_SOCKETS: all connections, also those that are logging in.
 *
 * <p>Of PgBouncer's positions in its buffer only {@code send_avail} has a meaning here: bytes that
 * the kernel has not taken yet. The others are 0.
 */
public final class ShowSockets implements Show {
  private static final List<Column> COLUMNS =
      ConnectionRow.columns()
          .andInt4(
              "recv_pos",
              "pkt_pos",
              "pkt_remain",
              "send_pos",
              "send_remain",
              "pkt_avail",
              "send_avail")
          .list();

  private final boolean activeOnly;

  private ShowSockets(boolean activeOnly) {
    this.activeOnly = activeOnly;
  }

  /** SHOW SOCKETS. */
  public static ShowSockets all() {
    return new ShowSockets(false);
  }

  /** SHOW ACTIVE_SOCKETS: those on which bytes wait to be sent. */
  public static ShowSockets active() {
    return new ShowSockets(true);
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (Client client : view.allClients(c -> true)) {
      String state = "cl_" + wordOf(client.state());
      add(table, ConnectionRow.of(client, state, view.nowNs()), client.connection());
    }
    ShowServers.forEach(
        view,
        server ->
            add(
                table,
                ConnectionRow.of(server, "sv_" + wordOf(server), view.nowNs()),
                server.connection()));
  }

  private static String wordOf(ClientState state) {
    return state == ClientState.WAITING_LOGIN ? ClientState.WAITING.word() : state.word();
  }

  private static String wordOf(Server server) {
    return server.state() == ServerState.LOGIN ? "login" : server.state().word();
  }

  private void add(ShowTable table, @Nullable Object[] first, @Nullable PgConnection connection) {
    int unsent =
        connection == null ? 0 : (int) Math.min(Integer.MAX_VALUE, connection.pendingBytes());
    if (activeOnly && unsent == 0) {
      return;
    }
    List<@Nullable Object> row = new ArrayList<>(Arrays.asList(first));
    row.addAll(List.of(0, 0, 0, 0, 0, 0, unsent));
    table.row(row.toArray());
  }
}
