package io.sluice.proxy.client;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.proxy.guard.Visitors;
import io.sluice.proxy.listen.Hubs;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Shared;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.server.SharedVars;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All clients of one event loop, and the only one to change a client's state. Confined to that
 * loop.
 *
 * <p>A client is waiting exactly while it is in a lane's queue.
 */
public final class Clients {
  private static final Logger log = LoggerFactory.getLogger(Clients.class);
  private static final long NS_PER_S = 1_000_000_000L;

  /** An honest login is through by then, unless it waits for us. */
  private static final long SLOW_NS = NS_PER_S;

  /** Nobody gains by making us look for room all the time. */
  private static final long ROOM_PAUSE_NS = NS_PER_S / 10;

  /** Kinds of limits that clients share: one for each pair of overrides. */
  private static final int LIMITS = 64;

  private final Pools pools;
  private final Visitors visitors;
  private final Register register;
  private final Hubs hubs;
  private final Shared<ClientLimits> sharedLimits = new Shared<>(LIMITS);
  private final MemoryPressure memory;
  private final SharedVars sharedVars = new SharedVars();
  private ProxyConfig config;
  private boolean logsConnections;
  private boolean logsDisconnections;
  private boolean logsPoolerErrors;
  private @Nullable Client first;
  private @Nullable Runnable observer;
  private int count;
  private long roomMadeNs;

  public Clients(Pools pools, Visitors visitors, Register register, ProxyConfig config) {
    this.pools = pools;
    this.register = register;
    this.visitors = visitors;
    this.roomMadeNs = pools.loop().nowNs() - ROOM_PAUSE_NS;
    this.hubs = new Hubs(pools);
    this.memory = new MemoryPressure(this, pools.loop().memory());
    pools.loop().memory().watch(memory::measured);
    pools.loop().maintain(memory);
    this.config = config;
    configure(config);
  }

  /** Takes a new configuration: every client's limits are resolved again. */
  public void configure(ProxyConfig next) {
    config = next;
    pools.loop().memory().setLimit(next.values().get(Settings.MEMORY_LIMIT));
    logsConnections = next.values().get(Settings.LOG_CONNECTIONS);
    logsDisconnections = next.values().get(Settings.LOG_DISCONNECTIONS);
    logsPoolerErrors = next.values().get(Settings.LOG_POOLER_ERRORS);
    for (Client client = first; client != null; client = client.next) {
      if (client.pool() != null && client.loginUser() != null) {
        client.setLimits(limitsOf(client));
      }
    }
  }

  ClientLimits limitsOf(Client client) {
    Pool pool = client.pool();
    return sharedLimits.of(
        ClientLimits.of(
            config.values(),
            pool == null ? null : pool.database().config(),
            client.loginUser() == null ? null : client.loginUser().config()));
  }

  /** Has a client hold its parameters in common with those that have the same. */
  void share(SessionVars vars) {
    vars.share(sharedVars);
  }

  /** Sets who is told that a client has gone. */
  public void observe(Runnable observer) {
    this.observer = observer;
  }

  /** A connection that nobody has counted yet is a client from here on. */
  Client open(PgConnection connection, ClientAddress address) {
    register.connections().take();
    return arrive(connection, address);
  }

  /** The same, for one that has come from another loop: it was counted all the way. */
  Client arrive(PgConnection connection, ClientAddress address) {
    Client client = new Client(pools.nextId(), this, connection, address);
    client.next = first;
    if (first != null) {
      first.previous = client;
    }
    first = client;
    count++;
    return client;
  }

  void move(Client client, ClientState next) {
    client.setState(next);
  }

  void remove(Client client) {
    unlink(client);
    register.connections().giveBack();
    CancelKey key = client.cancelKey();
    if (key != null) {
      register.forget(key);
    }
    if (observer != null) {
      observer.run();
    }
  }

  /** The client's connection goes to another loop, where it {@linkplain #arrive arrives}. */
  void depart(Client client, long nowNs) {
    unlink(client);
    client.seat().giveBack(nowNs);
  }

  private void unlink(Client client) {
    client.setState(ClientState.CLOSED);
    if (client.previous == null) {
      first = client.next;
    } else {
      client.previous.next = client.next;
    }
    if (client.next != null) {
      client.next.previous = client.previous;
    }
    client.previous = null;
    count--;
  }

  /** Writes the line that says why a client ends; before the client can see the end. */
  void logClose(Client client, ClientClose why, String text) {
    if (why == ClientClose.SILENT) {
      return;
    }
    long nowNs = pools.loop().nowNs();
    if (why.isTold() && logsPoolerErrors && client.seat().mayLog(nowNs)) {
      log.warn("{} pooler error: {}", client.name(), text);
    }
    if (logsDisconnections && client.seat().mayLog(nowNs)) {
      long ageS = (nowNs - client.connection().connectedNs()) / NS_PER_S;
      log.info("{} closing because: {} (age={}s)", client.name(), text, ageS);
    }
  }

  /**
   * Gives a client the key for its cancel requests.
   *
   * @param version of the protocol that the client speaks
   */
  CancelKey giveKey(Client client, ProtocolVersion version) {
    return kept(client, register.giveKey(client, config.values().get(Settings.PEER_ID), version));
  }

  /** The same, with the process id of the client's own server. */
  CancelKey giveKey(Client client, int processId, ProtocolVersion version) {
    return kept(client, register.giveOwnKey(client, processId, version));
  }

  private static CancelKey kept(Client client, CancelKey key) {
    client.setCancelKey(key);
    return key;
  }

  /** The client with a key, or null; it may be on another loop. */
  @Nullable Client find(CancelKey key) {
    return register.find(key);
  }

  /** The clients for which something holds, as they are now. */
  public List<Client> select(Predicate<Client> wanted) {
    List<Client> selected = new ArrayList<>();
    for (Client client = first; client != null; client = client.next) {
      if (wanted.test(client)) {
        selected.add(client);
      }
    }
    return selected;
  }

  /** Ends all clients for which something holds. */
  public void closeAll(Predicate<Client> wanted, ClientClose why) {
    for (Client client : select(wanted)) {
      client.close(why);
    }
  }

  /**
   * Makes room when there are more clients than may be: ends those who take long to log in, and
   * those whose cancel requests a peer does not take, the oldest first, as many as it needs and a
   * few more. Nobody else is ended who waits for us.
   */
  void makeRoom(int max) {
    long nowNs = pools.loop().nowNs();
    if (nowNs - roomMadeNs < ROOM_PAUSE_NS) {
      return;
    }
    roomMadeNs = nowNs;
    List<Client> slow = select(client -> isSlow(client, nowNs));
    int ended = Math.min(slow.size(), total() - max + max / 10);
    for (int i = 1; i <= ended; i++) {
      Client oldest = slow.get(slow.size() - i);
      boolean isLogin = oldest.state() == ClientState.LOGIN;
      oldest.close(isLogin ? ClientClose.TOO_SLOW : ClientClose.CANCEL_TOO_SLOW);
    }
  }

  private static boolean isSlow(Client client, long nowNs) {
    return (client.state() == ClientState.LOGIN || isPassedOn(client))
        && !client.seat().isLoggedIn()
        && !client.connection().isPaused()
        && nowNs - client.connection().connectedNs() > SLOW_NS;
  }

  /** Says whether a client has brought a cancel request for a peer, which anybody can. */
  private static boolean isPassedOn(Client client) {
    return client.connection().phase() instanceof CancelPhase cancel && cancel.isPassedOn();
  }

  /** The newest client; the others follow it. */
  public @Nullable Client first() {
    return first;
  }

  /** All client connections of the process, also those that are logging in. */
  int total() {
    return register.connections().used();
  }

  /** The client connections of this loop, also those that are logging in. */
  public int count() {
    return count;
  }

  /** How many clients are in a state. */
  public int count(ClientState state) {
    int number = 0;
    for (Client client = first; client != null; client = client.next) {
      if (client.state() == state) {
        number++;
      }
    }
    return number;
  }

  /** Who comes from where. */
  public Visitors visitors() {
    return visitors;
  }

  /** Who waits for memory. */
  MemoryPressure memory() {
    return memory;
  }

  /** Where clients of shared servers listen. */
  public Hubs hubs() {
    return hubs;
  }

  public Pools pools() {
    return pools;
  }

  public ProxyConfig config() {
    return config;
  }

  boolean logsConnections() {
    return logsConnections;
  }
}
