package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.protocol.CancelRequest;
import io.sluice.protocol.StartupMessage;
import io.sluice.protocol.StartupPacket;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.Listener;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.LoopMove;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.UnixPeer;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.tls.TlsContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where new connections become clients, and what their logins need. Confined to the event loop. */
public final class Front implements Listener.Acceptor {
  /** The database, and the user, of the console. */
  public static final String CONSOLE = "pgbouncer";

  /**
   * So many more than max_client_conn may be connected, over all loops: on their way in, to be told
   * that they are too many, or at the console.
   */
  public static final int SPARE_CONNECTIONS = 1000;

  /** A pool with fewer servers for each loop is served by one loop alone. */
  private static final int SERVERS_PER_LOOP = 4;

  private final Pools pools;
  private final Clients clients;
  private final Access access;
  private final int ownUid;
  private final ClientAddresses addresses;
  private final List<Front> all;
  private @Nullable ConsoleEntry console;
  private boolean shuttingDown;

  /**
   * Makes the front of one loop.
   *
   * @param all the fronts of all loops, to which this one is added; the first has the console
   */
  public Front(
      Pools pools, Clients clients, Access access, int ownUid, int listenPort, List<Front> all) {
    this.pools = pools;
    this.clients = clients;
    this.access = access;
    this.ownUid = ownUid;
    this.addresses = new ClientAddresses(listenPort);
    this.all = all;
    all.add(this);
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
  public LoopContext loop() {
    return pools.loop();
  }

  @Override
  public void accepted(PgConnection connection) {
    Client client = clients.open(connection, addresses.of(connection));
    Phase first = new StartupPhase(client, this, clientTls(client), all.size() > 1);
    boolean isProxied = access.authenticator().proxies().contains(client.address().inet());
    connection.enter(isProxied ? new ProxyHeaderPhase(client, first) : first);
    keepRoom(client);
    // All that a proxy passes on comes from its address, until the headers are read.
    if (!isProxied && !client.isClosed() && client.seat().isCrowded()) {
      client.close(ClientClose.TOO_MANY_LOGINS);
    }
  }

  /** A connection has come from another loop, to be served here. */
  private void moved(PgConnection connection, ClientAddress address) {
    Client client = clients.arrive(connection, address);
    connection.enter(new StartupPhase(client, this, clientTls(client), false));
  }

  private @Nullable TlsContext clientTls(Client client) {
    return client.address().isUnix() ? null : pools.tls().clients();
  }

  /**
   * Before anybody has said a word: connections that never do would take all descriptors. Where
   * nobody can make room, it is the newcomer who goes.
   */
  private void keepRoom(Client arrived) {
    int max = mostConnections();
    if (clients.total() > max) {
      clients.makeRoom(max);
      if (clients.total() > max) {
        arrived.close(ClientClose.TOO_MANY_CLIENTS);
      }
    }
  }

  private int mostConnections() {
    long most = (long) clients.config().values().get(Settings.MAX_CLIENT_CONN) + SPARE_CONNECTIONS;
    return (int) Math.min(most, Integer.MAX_VALUE);
  }

  // ---- several loops

  /**
   * Hands a client to another loop, if that is where it has to be served.
   *
   * @param packet what the client wants
   * @param unread that packet, and whatever came behind it
   * @return whether the client has gone
   */
  boolean handOver(Client client, StartupPacket packet, ByteBuf unread) {
    Front to = placeOf(packet);
    if (to == this || !client.connection().mayMove()) {
      return false;
    }
    clients.depart(client, loop().nowNs());
    ClientAddress address = client.address();
    LoopMove.begin(
        client.connection(),
        unread.readBytes(unread.readableBytes()),
        to.loop(),
        there -> to.moved(there, address));
    return true;
  }

  private Front placeOf(StartupPacket packet) {
    if (packet instanceof CancelRequest cancel) {
      Client target = clients.find(cancel.key());
      return target == null ? this : frontOf(target.connection().loop());
    }
    return packet instanceof StartupMessage message ? homeOf(message) : this;
  }

  private Front frontOf(LoopContext wanted) {
    for (Front front : all) {
      if (front.loop() == wanted) {
        return front;
      }
    }
    return this;
  }

  /**
   * Where a client is served. The servers of a small pool are all on one loop, its home: the order
   * of service is exact then, and no server ever has to move. Others have servers on every loop,
   * and their clients stay where they are.
   */
  private Front homeOf(StartupMessage message) {
    String user = message.parameters().getOrDefault("user", "");
    String named = message.parameters().getOrDefault("database", "");
    String database = named.isEmpty() ? user : named;
    if (database.equals(CONSOLE)) {
      return all.get(0);
    }
    DatabaseConfig config = pools.catalog().peekConfig(database);
    if (config == null) {
      return this;
    }
    String poolUser = config.user() == null ? user : config.user();
    User known = pools.catalog().findUser(poolUser);
    PoolSettings settings =
        PoolSettings.of(clients.config(), config, known == null ? null : known.config());
    boolean isSmall =
        settings.poolSize() > 0 && settings.poolSize() < SERVERS_PER_LOOP * all.size();
    return isSmall
        ? all.get(Math.floorMod(new PoolKey(database, poolUser).hashCode(), all.size()))
        : this;
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
