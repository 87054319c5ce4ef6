package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.server.Server;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SHOW PREPARED: the named prepared statements that the pooler looks after, pool by pool. Their
 * texts may hold what nobody else is to see, so it is for administrators.
 */
public final class ShowPrepared implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("database", "user", "name")
          .andInt4("clients", "servers")
          .andInt8("uses", "bytes")
          .andText("query")
          .list();

  /** Enough to know a statement by; a text may have megabytes. */
  private static final int MAX_QUERY_BYTES = 1000;

  private static final Comparator<Use> ORDER =
      Comparator.comparing((Use use) -> use.database)
          .thenComparing(use -> use.user)
          .thenComparingLong(use -> use.statement.number());

  /** Which statement, in which pool. */
  private record Key(long number, String database, String user) {}

  /** Who has one statement in one pool. */
  private static final class Use {
    final Statement statement;
    final String database;
    final String user;
    int clients;
    int servers;

    Use(Statement statement, Key key) {
      this.statement = statement;
      this.database = key.database;
      this.user = key.user;
    }
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    Map<Key, Use> uses = new HashMap<>();
    for (Client client : view.allClients(c -> c.pool() != null)) {
      ClientStatements named = client.statements();
      Pool pool = client.pool();
      if (named != null && pool != null) {
        String database = pool.database().name();
        String user = pool.user().name();
        named.forEach(statement -> use(uses, statement, database, user).clients++);
      }
    }
    ShowServers.forEach(view, server -> count(uses, server));
    uses.values().stream().sorted(ORDER).forEach(use -> row(table, use));
  }

  private static void count(Map<Key, Use> uses, Server server) {
    String database = server.database().name();
    String user = server.user().name();
    server.statements().forEach(statement -> use(uses, statement, database, user).servers++);
  }

  private static Use use(Map<Key, Use> uses, Statement statement, String database, String user) {
    return uses.computeIfAbsent(
        new Key(statement.number(), database, user), key -> new Use(statement, key));
  }

  private static void row(ShowTable table, Use use) {
    Statement statement = use.statement;
    table.row(
        use.database,
        use.user,
        new String(statement.serverName(), StandardCharsets.US_ASCII),
        use.clients,
        use.servers,
        statement.uses(),
        (long) statement.body().length,
        query(statement.body()));
  }

  /** The text, cut; it is empty where it was given up because only servers have the statement. */
  private static String query(byte[] body) {
    int length = 0;
    while (length < body.length && length < MAX_QUERY_BYTES && body[length] != 0) {
      length++;
    }
    boolean isCut = length < body.length && body[length] != 0;
    // Not through a character.
    while (isCut && length > 0 && (body[length] & 0xC0) == 0x80) {
      length--;
    }
    return new String(body, 0, length, StandardCharsets.UTF_8) + (isCut ? "…" : "");
  }
}
