package io.sluice.proxy.admin.command;

import io.sluice.proxy.admin.show.ShowClients;
import io.sluice.proxy.admin.show.ShowConfig;
import io.sluice.proxy.admin.show.ShowDatabases;
import io.sluice.proxy.admin.show.ShowDnsHosts;
import io.sluice.proxy.admin.show.ShowDnsZones;
import io.sluice.proxy.admin.show.ShowFds;
import io.sluice.proxy.admin.show.ShowFixed;
import io.sluice.proxy.admin.show.ShowHba;
import io.sluice.proxy.admin.show.ShowLists;
import io.sluice.proxy.admin.show.ShowLogins;
import io.sluice.proxy.admin.show.ShowMem;
import io.sluice.proxy.admin.show.ShowPeerPools;
import io.sluice.proxy.admin.show.ShowPeers;
import io.sluice.proxy.admin.show.ShowPools;
import io.sluice.proxy.admin.show.ShowPrepared;
import io.sluice.proxy.admin.show.ShowServers;
import io.sluice.proxy.admin.show.ShowSessionState;
import io.sluice.proxy.admin.show.ShowSockets;
import io.sluice.proxy.admin.show.ShowState;
import io.sluice.proxy.admin.show.ShowStats;
import io.sluice.proxy.admin.show.ShowStatsAverages;
import io.sluice.proxy.admin.show.ShowStatsTotals;
import io.sluice.proxy.admin.show.ShowTls;
import io.sluice.proxy.admin.show.ShowTotals;
import io.sluice.proxy.admin.show.ShowUsers;
import io.sluice.proxy.admin.show.ShowVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can be shown. Immutable. */
final class Shows {
  /** The lines of SHOW HELP. */
  static final List<List<ShowRow>> LINES =
      List.of(
          List.of(
              new ShowRow("HELP", false, null),
              ShowRow.of("CONFIG", new ShowConfig()),
              ShowRow.of("DATABASES", new ShowDatabases()),
              ShowRow.of("POOLS", new ShowPools()),
              ShowRow.of("CLIENTS", new ShowClients()),
              ShowRow.of("SERVERS", new ShowServers()),
              ShowRow.of("USERS", new ShowUsers()),
              ShowRow.of("VERSION", new ShowVersion())),
          List.of(
              ShowRow.of("PEERS", new ShowPeers()), ShowRow.of("PEER_POOLS", new ShowPeerPools())),
          List.of(
              new ShowRow("FDS", true, new ShowFds()),
              ShowRow.of("SOCKETS", ShowSockets.all()),
              ShowRow.of("ACTIVE_SOCKETS", ShowSockets.active()),
              ShowRow.of("LISTS", new ShowLists()),
              ShowRow.of("MEM", new ShowMem()),
              ShowRow.of("STATE", new ShowState())),
          List.of(
              ShowRow.of("DNS_HOSTS", new ShowDnsHosts()),
              ShowRow.of("DNS_ZONES", new ShowDnsZones())),
          List.of(
              ShowRow.of("STATS", new ShowStats()),
              ShowRow.of("STATS_TOTALS", new ShowStatsTotals()),
              ShowRow.of("STATS_AVERAGES", new ShowStatsAverages()),
              ShowRow.of("TOTALS", new ShowTotals())),
          List.of(ShowRow.of("SESSION_STATE", new ShowSessionState())));

  /** What drivers ask of every server. */
  private static final List<ShowRow> FOR_DRIVERS =
      List.of(
          fixed("client_encoding", "UTF-8"),
          fixed("default_transaction_isolation", "read committed"),
          fixed("standard_conforming_strings", "on"),
          fixed("datestyle", "ISO"),
          fixed("timezone", "GMT"));

  /** What PgBouncer cannot show; SHOW HELP is the same as PgBouncer's. */
  private static final List<ShowRow> BEYOND =
      List.of(
          ShowRow.of("TLS", new ShowTls()),
          ShowRow.of("HBA", new ShowHba()),
          ShowRow.of("LOGINS", new ShowLogins()),
          new ShowRow("PREPARED", true, new ShowPrepared()));

  private Shows() {}

  private static ShowRow fixed(String name, String value) {
    return ShowRow.of(name.toUpperCase(java.util.Locale.ROOT), new ShowFixed(name, value));
  }

  /** What goes by a name in upper case, or null. */
  static @Nullable ShowRow find(String word) {
    for (List<ShowRow> line : LINES) {
      ShowRow row = find(word, line);
      if (row != null) {
        return row;
      }
    }
    ShowRow beyond = find(word, BEYOND);
    return beyond == null ? find(word, FOR_DRIVERS) : beyond;
  }

  private static @Nullable ShowRow find(String word, List<ShowRow> among) {
    for (ShowRow row : among) {
      if (row.word().equals(word)) {
        return row;
      }
    }
    return null;
  }
}
