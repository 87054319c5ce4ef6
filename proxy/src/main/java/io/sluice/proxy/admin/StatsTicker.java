package io.sluice.proxy.admin;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.proxy.admin.show.PoolStats;
import io.sluice.proxy.admin.show.ProxyView;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.stats.Counter;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsSnapshot;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the periods of the averages, and logs one line for each. Confined to the event loop. */
final class StatsTicker implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(StatsTicker.class);

  private final ProxyView view;

  StatsTicker(ProxyView view) {
    this.view = view;
  }

  @Override
  public void maintain(long nowNs) {
    Values values = view.clients().config().values();
    long periodNs = PoolSettings.ns(values.get(Settings.STATS_PERIOD));
    if (periodNs <= 0 || nowNs - view.averages().lastTickNs() < periodNs) {
      return;
    }
    StatsSnapshot averages =
        view.alone(
            () -> {
              List<PoolCounters> pools = PoolStats.all(view);
              view.averages().roll(pools, nowNs);
              return view.averages().of(pools, nowNs);
            });
    if (values.get(Settings.LOG_STATS)) {
      log.info("{}", line(averages));
    }
  }

  /** The line as PgBouncer writes it. */
  static String line(StatsSnapshot averages) {
    return String.format(
        "stats: %d xacts/s, %d queries/s, %d client parses/s, %d server parses/s, %d binds/s, "
            + "%d client logins/s, in %d B/s, out %d B/s, xact %d us, query %d us, wait %d us",
        averages.get(Counter.TRANSACTIONS),
        averages.get(Counter.QUERIES),
        averages.get(Counter.CLIENT_PARSES),
        averages.get(Counter.SERVER_PARSES),
        averages.get(Counter.BINDS),
        averages.get(Counter.CLIENT_LOGINS),
        averages.get(Counter.RECEIVED_BYTES),
        averages.get(Counter.SENT_BYTES),
        averages.get(Counter.TRANSACTION_TIME),
        averages.get(Counter.QUERY_TIME),
        averages.get(Counter.WAIT_TIME));
  }
}
