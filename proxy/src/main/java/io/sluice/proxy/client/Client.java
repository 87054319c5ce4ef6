package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.scram.ScramKeys;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.Inbox;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.WaitTicket;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.stats.PoolCounters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from an application.
 *
 * <p>Holds at most one server at a time, and receives that server's replies. Its phases decide what
 * its messages mean. Confined to its event loop.
 */
@HotPath
public final class Client implements Waiter {
  private static final Logger log = LoggerFactory.getLogger(Client.class);
  private static final long NS_PER_S = 1_000_000_000L;
  private static final String QUEUE_NOTICE =
      "No server connection available in postgres backend, client being queued";

  private final long id;
  private final Clients clients;
  private final PgConnection connection;
  private final Inbox inbox = new Inbox();
  private final WaitTicket ticket = new WaitTicket(this);
  private final ClientAddress address;
  private String logName;
  private ClientState state = ClientState.LOGIN;
  private @Nullable String userName;
  private @Nullable String databaseName;
  private @Nullable User loginUser;
  private @Nullable Database database;
  private @Nullable Pool pool;
  private @Nullable Server server;
  private @Nullable SessionVars vars;
  private @Nullable ClientStatements statements;
  private @Nullable CancelKey cancelKey;
  private @Nullable QueryPhase queryPhase;
  private ClientLimits limits = ClientLimits.NONE;
  private @Nullable Runnable closeWatcher;
  private @Nullable Runnable cancelWatcher;
  private @Nullable ScramKeys provedKeys;
  private @Nullable Runnable welcomeContinuation;
  private long queryStartNs;
  private long transactionStartNs;
  private boolean admin;

  // The list of all clients.
  @Nullable Client next;
  @Nullable Client previous;

  Client(long id, Clients clients, PgConnection connection, ClientAddress address) {
    this.id = id;
    this.clients = clients;
    this.connection = connection;
    this.address = address;
    this.logName = "C-" + label() + ": (nodb)/(nouser)@" + address.display();
  }

  // ---- login

  /** Notes who the client says it is. */
  void name(String database, String user) {
    databaseName = database;
    userName = user;
    logName = "C-" + label() + ": " + database + "/" + user + "@" + address.display();
  }

  /** Notes what the login is counted against. */
  void count(@Nullable Database database, User user) {
    if (loginUser != null) {
      loginUser.clients().giveBack();
    }
    this.loginUser = user;
    user.clients().take();
    countDatabase(database);
  }

  /** Counts the client for a database, which may be another than it was when the login began. */
  void countDatabase(@Nullable Database counted) {
    if (counted == null || counted == database) {
      return;
    }
    if (database != null) {
      database.clients().giveBack();
    }
    database = counted;
    counted.clients().take();
  }

  boolean isCountedFor(Database counted) {
    return database == counted;
  }

  /** Notes the pool that serves the client. */
  void join(Pool joined) {
    pool = joined;
    statements = new ClientStatements(clients.pools().statements());
    joined.clientJoined();
  }

  /** Keeps what the client's proof has shown, until it is known whose it is. */
  void setProvedKeys(@Nullable ScramKeys keys) {
    provedKeys = keys;
  }

  /** What the client's proof has shown; it is not kept any longer. */
  @Nullable ScramKeys takeProvedKeys() {
    ScramKeys keys = provedKeys;
    provedKeys = null;
    return keys;
  }

  /** Lets the user's servers be logged in to with what the client has proved. */
  void learnKeys(User user) {
    ScramKeys keys = takeProvedKeys();
    if (keys != null) {
      user.learn(keys);
    }
  }

  /** Stops reading until the login is through. */
  void holdReading() {
    connection.pause(Link.HELD);
  }

  /** Goes on reading after the login. */
  void resumeReading() {
    connection.resume(Link.HELD);
    if (inbox.heldBytes() > 0) {
      connection.readAgain();
    }
  }

  /** Has cancel requests for the client answered by somebody: the console. */
  public void setCancelWatcher(@Nullable Runnable watcher) {
    cancelWatcher = watcher;
  }

  boolean onCancel() {
    Runnable watcher = cancelWatcher;
    if (watcher == null) {
      return false;
    }
    watcher.run();
    return true;
  }

  void setVars(SessionVars wanted) {
    vars = wanted;
  }

  void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Notes the key that the client is told for its cancel requests. */
  public void setCancelKey(CancelKey key) {
    cancelKey = key;
    clients.keyGiven(this, key);
  }

  /** Notes that the client is on the console, and whether it may give commands. */
  void setConsole(boolean mayChange) {
    admin = mayChange;
  }

  void serveWith(QueryPhase phase) {
    queryPhase = phase;
    connection.enter(phase);
  }

  // ---- waiting and being served

  void setServer(@Nullable Server held) {
    server = held;
  }

  void setState(ClientState next) {
    state = next;
  }

  /** Notes that a message which begins a query, and perhaps a transaction, has come. */
  void requestStarted() {
    if (queryStartNs != 0) {
      return;
    }
    PoolCounters counters = requirePool().counters();
    queryStartNs = connection.loop().nowNs();
    counters.queries++;
    if (transactionStartNs == 0) {
      transactionStartNs = queryStartNs;
      counters.transactions++;
    }
  }

  @Override
  public void leased(Server leased) {
    countWait();
    clients.move(this, ClientState.ACTIVE);
    requireQueryPhase().leased(leased);
  }

  private void countWait() {
    requirePool().counters().waitNs += connection.loop().nowNs() - ticket.sinceNs();
  }

  @Override
  public void serverReleased() {
    server = null;
  }

  @Override
  public void welcomed() {
    countWait();
    clients.move(this, ClientState.ACTIVE);
    Runnable finish = welcomeContinuation;
    welcomeContinuation = null;
    if (finish != null) {
      finish.run();
    }
  }

  /** Queues the client until its pool knows what to tell it. */
  void awaitWelcome(Runnable finish) {
    welcomeContinuation = finish;
    clients.move(this, ClientState.WAITING_LOGIN);
    requirePool().lane().enqueue(this);
  }

  @Override
  public void refused(Refusal refusal) {
    close(ClientClose.REFUSED, refusal.sqlState(), refusal.text());
  }

  @Override
  public void stillWaiting() {
    ByteBuf out = connection.alloc().buffer();
    BackendWriter.notice(out, SqlState.SUCCESSFUL_COMPLETION, QUEUE_NOTICE, null);
    connection.write(out);
  }

  @Override
  public void parameterChanged(int index, String value) {
    SessionVars mine = vars;
    if (mine != null) {
      mine.set(index, value);
    }
  }

  @Override
  public void settled(boolean idle) {
    long nowNs = connection.loop().nowNs();
    if (queryStartNs != 0) {
      requirePool().counters().queryNs += nowNs - queryStartNs;
      queryStartNs = 0;
    }
    if (idle && transactionStartNs != 0) {
      requirePool().counters().transactionNs += nowNs - transactionStartNs;
      transactionStartNs = 0;
    }
  }

  @Override
  public void serverPrepared() {
    requireQueryPhase().serverPrepared();
  }

  @Override
  public void statementsDropped() {
    ClientStatements mine = statements;
    if (mine != null) {
      mine.clear();
    }
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    server = null;
    close(ClientClose.SERVER_LOST, SqlState.PROTOCOL_VIOLATION, text);
  }

  // ---- ending

  /** Ends the connection. */
  public void close(ClientClose why) {
    close(why, why.sqlState(), why.text());
  }

  /**
   * Ends the connection with a text of its own; the log line is written before the client can see
   * the end.
   */
  public void close(ClientClose why, String sqlState, String text) {
    if (state == ClientState.CLOSED) {
      return;
    }
    logClose(why, text);
    leaveQueue();
    clients.remove(this);
    if (why.isTold() && !connection.isClosing()) {
      ByteBuf out = connection.alloc().buffer();
      BackendWriter.error(out, "FATAL", sqlState, text);
      connection.write(out);
    }
    connection.close();
    giveBack();
  }

  private void logClose(ClientClose why, String text) {
    if (why == ClientClose.SILENT) {
      return;
    }
    if (why.isTold() && clients.logsPoolerErrors()) {
      log.warn("{} pooler error: {}", logName, text);
    }
    if (clients.logsDisconnections()) {
      long ageS = (connection.loop().nowNs() - connection.connectedNs()) / NS_PER_S;
      log.info("{} closing because: {} (age={}s)", logName, text, ageS);
    }
  }

  private void leaveQueue() {
    if (pool != null) {
      pool.lane().leave(this);
    }
  }

  private void giveBack() {
    Server held = server;
    server = null;
    if (held != null && pool != null) {
      pool.lane().holderGone(held, isBetweenMessages());
    }
    inbox.discard();
    if (statements != null) {
      statements.clear();
    }
    if (pool != null) {
      pool.clientLeft();
    }
    if (loginUser != null) {
      loginUser.clients().giveBack();
    }
    if (database != null) {
      database.clients().giveBack();
    }
    Runnable watcher = closeWatcher;
    if (watcher != null) {
      watcher.run();
    }
  }

  /** Has something run when the client ends. */
  public void onClosed(Runnable watcher) {
    closeWatcher = watcher;
  }

  // ---- queries

  public long id() {
    return id;
  }

  public ClientState state() {
    return state;
  }

  public PgConnection connection() {
    return connection;
  }

  @Override
  public Link link() {
    return connection;
  }

  /** What the client has sent and nobody has looked at yet. */
  public Inbox inbox() {
    return inbox;
  }

  Clients clients() {
    return clients;
  }

  public ClientAddress address() {
    return address;
  }

  public @Nullable String userName() {
    return userName;
  }

  public @Nullable String databaseName() {
    return databaseName;
  }

  /** Whom the client has logged in as, or is logging in as. */
  public @Nullable User loginUser() {
    return loginUser;
  }

  public @Nullable Pool pool() {
    return pool;
  }

  Pool requirePool() {
    Pool mine = pool;
    if (mine == null) {
      throw new IllegalStateException("client has no pool: " + this);
    }
    return mine;
  }

  private QueryPhase requireQueryPhase() {
    QueryPhase phase = queryPhase;
    if (phase == null) {
      throw new IllegalStateException("client is not logged in: " + this);
    }
    return phase;
  }

  /** The phase that serves the client, once it is logged in to a pool. */
  public @Nullable QueryPhase queryPhase() {
    return queryPhase;
  }

  /** The server that the client holds. */
  public @Nullable Server server() {
    return server;
  }

  public @Nullable SessionVars vars() {
    return vars;
  }

  public @Nullable ClientStatements statements() {
    return statements;
  }

  public @Nullable CancelKey cancelKey() {
    return cancelKey;
  }

  public ClientLimits limits() {
    return limits;
  }

  /** Says whether the client may give console commands that change something. */
  public boolean isAdmin() {
    return admin;
  }

  public boolean isClosed() {
    return state == ClientState.CLOSED;
  }

  @Override
  public WaitTicket ticket() {
    return ticket;
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return state == ClientState.WAITING_LOGIN;
  }

  @Override
  public long requestedNs() {
    return queryStartNs != 0 ? queryStartNs : connection.lastReadNs();
  }

  @Override
  public long queryStartNs() {
    return queryStartNs;
  }

  @Override
  public long transactionStartNs() {
    return transactionStartNs;
  }

  @Override
  public long queryWaitTimeoutNs() {
    return limits.queryWaitTimeoutNs();
  }

  @Override
  public boolean isBetweenMessages() {
    return !inbox.cursor().isMidMessage();
  }

  /** A label that is unique in the life of the process, in the shape of PgBouncer's pointers. */
  public String label() {
    return String.format("0x%x", 0x5500_0000_0000L + (id << 6));
  }

  /** The prefix of the client's log lines. */
  public String logName() {
    return logName;
  }

  /** The next client in the list of all. */
  public @Nullable Client next() {
    return next;
  }

  @Override
  public String toString() {
    return logName + " " + state.word();
  }
}
