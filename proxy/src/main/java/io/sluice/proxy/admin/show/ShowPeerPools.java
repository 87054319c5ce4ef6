package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.pool.PeerRouter;
import java.util.List;
import java.util.function.ToIntFunction;

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
    for (int id : view.clients().config().peers().keySet()) {
      int sent = sum(view, peers -> peers.count(id, true));
      int waiting = sum(view, peers -> peers.count(id, false));
      table.row(id, sent, waiting, sent, sum(view, peers -> peers.connecting(id)));
    }
  }

  private static int sum(ProxyView view, ToIntFunction<PeerRouter> number) {
    return view.workers().all().stream()
        .mapToInt(worker -> number.applyAsInt(worker.pools().peers()))
        .sum();
  }
}
