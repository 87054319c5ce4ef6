package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import java.util.List;

/** SHOW CLIENTS: those that are logged in, and those that have brought a cancel request. */
public final class ShowClients implements Show {
  @Override
  public List<Column> columns() {
    return ConnectionRow.COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (Client client : view.clients().select(c -> c.state() != ClientState.LOGIN)) {
      table.row(ConnectionRow.of(client, ConnectionRow.stateOf(client), view.nowNs()));
    }
  }
}
