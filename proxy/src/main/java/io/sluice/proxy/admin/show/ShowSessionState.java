package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.session.StateKind;
import java.util.List;

/**
 * SHOW SESSION_STATE: how many statements have left state behind, by pool and kind. In session
 * pooling nothing is done about them: there, the rows tell what would break in transaction pooling.
 */
public final class ShowSessionState implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database")
          .andText("user")
          .andText("pool_mode")
          .andText("policy")
          .andText("kind")
          .andInt8("statements")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (Pool pool : view.pools().all()) {
      for (StateKind kind : StateKind.values()) {
        long statements = pool.counters().sessionStates[kind.place()];
        if (statements > 0) {
          table.row(
              pool.database().name(),
              pool.user().name(),
              pool.settings().mode().word(),
              pool.settings().statePolicy().word(),
              kind.word(),
              statements);
        }
      }
    }
  }
}
