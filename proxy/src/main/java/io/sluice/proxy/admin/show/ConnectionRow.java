package io.sluice.proxy.admin.show;

import io.sluice.protocol.CancelKey;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.client.CancelPhase;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientAddress;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.UnixPeer;
import io.sluice.proxy.pool.CancelOrder;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerState;
import io.sluice.proxy.server.ServerTarget;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.tls.TlsSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection as SHOW CLIENTS, SHOW SERVERS and SHOW SOCKETS list it. */
final class ConnectionRow {
  static final List<Column> COLUMNS = columns().list();

  private static final String UNIX = "unix";
  private static final String NO_REPLICATION = Replication.NONE.word();

  private ConnectionRow() {}

  /** The columns, to be continued. */
  static Columns columns() {
    return Columns.text("type", "user", "database", "replication", "state", "addr")
        .andInt4("port")
        .andText("local_addr")
        .andInt4("local_port")
        .andText("connect_time", "request_time")
        .andInt4("wait", "wait_us", "close_needed")
        .andText("ptr", "link")
        .andInt4("remote_pid")
        .andText("tls", "application_name")
        .andInt4("prepared_statements", "id");
  }

  /** The values of a client. */
  static @Nullable Object[] of(Client client, String state, long nowNs) {
    ClientAddress address = client.address();
    PgConnection connection = client.connection();
    InetSocketAddress remote = address.remote();
    InetSocketAddress local = address.local();
    Server server = client.server();
    UnixPeer peer = address.peer();
    long waitNs = client.queryStartNs() == 0 ? 0 : nowNs - client.queryStartNs();
    return new @Nullable Object[] {
      "C",
      userOf(client),
      databaseOf(client),
      server == null ? NO_REPLICATION : server.replication().word(),
      state,
      remote == null ? UNIX : ClientAddress.host(remote),
      remote == null ? address.listenPort() : remote.getPort(),
      local == null ? UNIX : ClientAddress.host(local),
      local == null ? address.listenPort() : local.getPort(),
      Times.point(connection.connectedWallMs()),
      Times.point(connection.lastReadNs(), nowNs),
      Times.seconds(waitNs),
      Times.microseconds(waitNs),
      0,
      client.name().label(),
      server == null ? "" : server.label(),
      peer == null ? 0 : peer.pid(),
      tls(connection),
      applicationName(client),
      client.statements() == null ? 0 : client.statements().count(),
      number(client.id())
    };
  }

  /** The word of a client in SHOW CLIENTS. */
  static String stateOf(Client client) {
    CancelOrder order = cancelOrder(client);
    if (order != null && order.isSent()) {
      return ClientState.ACTIVE_CANCEL.word();
    }
    if (client.state() == ClientState.ACTIVE && client.server() == null) {
      return "idle";
    }
    return client.state().word();
  }

  /** The cancel request that a client has brought, if it has. */
  static @Nullable CancelOrder cancelOrder(Client client) {
    return client.connection().phase() instanceof CancelPhase cancel ? cancel.order() : null;
  }

  /** Who the client says it is. */
  static String userOf(Client client) {
    return orElse(client.userName(), "(nouser)");
  }

  /** The database that the client has asked for, or that its cancel request is meant for. */
  static String databaseOf(Client client) {
    CancelOrder order = cancelOrder(client);
    if (order != null) {
      return order.pool().database().name();
    }
    Pool pool = client.pool();
    return pool != null ? pool.database().name() : orElse(client.databaseName(), "(nodb)");
  }

  /** The values of a server. */
  static @Nullable Object[] of(Server server, String state, long nowNs) {
    ServerTarget target = server.target();
    PgConnection connection = server.connection();
    int port = target == null ? 0 : target.port();
    SocketAddress local = connection == null ? null : connection.localAddress();
    return new @Nullable Object[] {
      "S",
      server.user().name(),
      server.database().name(),
      server.replication().word(),
      state,
      host(target == null ? null : target.address()),
      port,
      host(local),
      local instanceof InetSocketAddress internet ? internet.getPort() : port,
      Times.point(server.launchedWallMs()),
      Times.point(server.lastReadNs(), nowNs),
      0,
      0,
      server.isCloseNeeded() ? 1 : 0,
      server.label(),
      server.sink() instanceof Client client ? client.name().label() : "",
      remotePid(server),
      connection == null ? "" : tls(connection),
      orElse(server.vars().get(server.vars().tracked().applicationName()), ""),
      server.statements().count(),
      number(server.id())
    };
  }

  /** The word of a server in SHOW SERVERS. */
  static String stateOf(Server server) {
    boolean unused = server.state() == ServerState.ACTIVE && server.sink() == null;
    return unused ? ServerState.IDLE.word() : server.state().word();
  }

  private static String host(@Nullable SocketAddress address) {
    if (address == null) {
      return "";
    }
    return address instanceof InetSocketAddress internet && !internet.isUnresolved()
        ? ClientAddress.host(internet)
        : UNIX;
  }

  private static int remotePid(Server server) {
    PgConnection connection = server.connection();
    UnixPeer peer = connection == null ? null : connection.peer();
    if (peer != null) {
      return peer.pid();
    }
    CancelKey key = server.cancelKey();
    return key == null ? 0 : key.processId();
  }

  /** {@code protocol/cipher}; empty without TLS. */
  private static String tls(PgConnection connection) {
    TlsSession session = connection.tls();
    return session == null ? "" : session.text();
  }

  private static String applicationName(Client client) {
    SessionVars vars = client.vars();
    return vars == null ? "" : orElse(vars.get(vars.tracked().applicationName()), "");
  }

  private static int number(long id) {
    return (int) (id & Integer.MAX_VALUE);
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}
