package io.sluice.proxy.admin.show;

import io.sluice.config.value.PeerConfig;
import io.sluice.protocol.write.Column;
import java.util.List;

/** SHOW PEERS: the other poolers that cancel requests may be meant for. */
public final class ShowPeers implements Show {
  private static final List<Column> COLUMNS =
      Columns.int4("peer_id").andText("host").andInt4("port", "pool_size").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (PeerConfig peer : view.clients().config().peers().values()) {
      table.row(peer.id(), peer.host(), peer.port(), view.pools().peers().sizeOf(peer));
    }
  }
}
