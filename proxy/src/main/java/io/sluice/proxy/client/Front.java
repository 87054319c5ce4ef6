package io.sluice.proxy.client;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.net.Listener;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.UnixPeer;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.tls.TlsContext;
import org.jspecify.annotations.Nullable;

/** Where new connections become clients, and what their logins need. Confined to the event loop. */
public final class Front implements Listener.Acceptor {
  /** The database, and the user, of the console. */
  public static final String CONSOLE = "pgbouncer";

  /**
   * So many more than max_client_conn may be on their way in, to be told that they are too many.
   */
  private static final int SPARE_CONNECTIONS = 1000;

  private final Pools pools;
  private final Clients clients;
  private final Access access;
  private final int ownUid;
  private final ClientAddresses addresses;
  private @Nullable ConsoleEntry console;
  private boolean shuttingDown;

  public Front(Pools pools, Clients clients, Access access, int ownUid, int listenPort) {
    this.pools = pools;
    this.clients = clients;
    this.access = access;
    this.ownUid = ownUid;
    this.addresses = new ClientAddresses(listenPort);
  }

  /** Sets what happens after a login to the console. */
  public void setConsole(ConsoleEntry console) {
    this.console = console;
  }

  /** Refuses all logins but those to the console. */
  public void setShuttingDown() {
    shuttingDown = true;
  }

  @Override
  public void accepted(PgConnection connection) {
    Client client = clients.open(connection, addresses.of(connection));
    TlsContext tls = client.address().isUnix() ? null : pools.tls().clients();
    Phase first = new StartupPhase(client, new Login(client, this), tls);
    boolean isProxied = access.authenticator().proxies().contains(client.address().inet());
    connection.enter(isProxied ? new ProxyHeaderPhase(client, first) : first);
    keepRoom(client);
  }

  /** Before anybody has said a word: connections that never do would take all descriptors. */
  private void keepRoom(Client arrived) {
    int max = clients.config().values().get(Settings.MAX_CLIENT_CONN) + SPARE_CONNECTIONS;
    if (clients.count() > max) {
      clients.makeRoom(max);
    }
    if (arrived.seat().isCrowded()) {
      arrived.close(ClientClose.TOO_MANY_LOGINS);
    }
  }

  boolean isOwnUser(ClientAddress address) {
    UnixPeer peer = address.peer();
    return peer != null && peer.uid() == ownUid;
  }

  ConsoleEntry console() {
    ConsoleEntry entry = console;
    if (entry == null) {
      throw new IllegalStateException("no console");
    }
    return entry;
  }

  Pools pools() {
    return pools;
  }

  Access access() {
    return access;
  }

  boolean isShuttingDown() {
    return shuttingDown;
  }
}
