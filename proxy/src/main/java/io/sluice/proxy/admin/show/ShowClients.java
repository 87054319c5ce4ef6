package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientState;
import java.util.Comparator;
import java.util.List;

/** SHOW CLIENTS: those that are logged in, and those that have brought a cancel request. */
public final class ShowClients implements Show {
  /** Pool by pool, the oldest first. */
  private static final Comparator<Client> ORDER =
      Comparator.comparing(ConnectionRow::databaseOf)
          .thenComparing(ConnectionRow::userOf)
          .thenComparingLong(Client::id);

  @Override
  public List<Column> columns() {
    return ConnectionRow.COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    List<Client> clients = view.allClients(c -> c.state() != ClientState.LOGIN);
    clients.sort(ORDER);
    for (Client client : clients) {
      table.row(ConnectionRow.of(client, ConnectionRow.stateOf(client), view.nowNs()));
    }
  }
}
