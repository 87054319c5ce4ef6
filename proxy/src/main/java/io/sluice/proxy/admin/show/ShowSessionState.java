package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.session.StateKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    Map<PoolKey, List<Pool>> byKey =
        view.allPools().stream()
            .collect(Collectors.groupingBy(Pool::key, TreeMap::new, Collectors.toList()));
    for (List<Pool> group : byKey.values()) {
      Pool pool = group.get(0);
      for (StateKind kind : StateKind.values()) {
        long statements =
            group.stream().mapToLong(p -> p.counters().sessionStates[kind.place()]).sum();
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
