package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.pool.PeerRouter;
import java.util.List;

/** SHOW PEER_POOLS: cancel requests on their way to other poolers. */
public final class ShowPeerPools implements Show {
  private static final List<Column> COLUMNS =
      Columns.int4(
              "peer_id",
              "cl_active_cancel_req",
              "cl_waiting_cancel_req",
              "sv_active_cancel",
              "sv_login")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    PeerRouter peers = view.pools().peers();
    for (int id : view.clients().config().peers().keySet()) {
      int sent = peers.count(id, true);
      table.row(id, sent, peers.count(id, false), sent, peers.connecting(id));
    }
  }
}
