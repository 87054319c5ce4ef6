package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.auth.AuthDecision;
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
import org.jspecify.annotations.Nullable;

/**
 * One connection from an application.
 *
 * <p>Holds at most one server at a time, and receives that server's replies. Its phases decide what
 * its messages mean. Confined to its event loop.
 */
@HotPath
public final class Client implements Waiter {
  private static final String QUEUE_NOTICE =
      "No server connection available in postgres backend, client being queued";

  private final long id;
  private final Clients clients;
  private final PgConnection connection;
  private final Inbox inbox = new Inbox();
  private final ClientName name;
  private final Seat seat;
  private final QueryClock clock = new QueryClock();
  private ClientState state = ClientState.LOGIN;
  private @Nullable WaitTicket ticket;
  private @Nullable Pool pool;
  private @Nullable Server server;
  private @Nullable SessionVars vars;
  private @Nullable ClientStatements statements;
  private @Nullable CancelKey cancelKey;
  private @Nullable QueryPhase queryPhase;
  private ClientLimits limits = ClientLimits.NONE;
  private @Nullable Runnable closeWatcher;
  private AuthDecision.@Nullable Accepted proof;
  private @Nullable Runnable welcomeContinuation;
  private boolean admin;
  private boolean midAnswer;

  // The list of all clients.
  @Nullable Client next;
  @Nullable Client previous;

  Client(long id, Clients clients, PgConnection connection, ClientAddress address) {
    this.seat = new Seat(clients.visitors(), address.inet());
    this.id = id;
    this.clients = clients;
    this.connection = connection;
    this.name = new ClientName(id, address);
  }

  // ---- login

  /** Who the client is, in logs and for SHOW. */
  public ClientName name() {
    return name;
  }

  /** What the client is counted against. */
  Seat seat() {
    return seat;
  }

  /** Notes the pool that serves the client. */
  void join(Pool joined) {
    pool = joined;
    statements = new ClientStatements(clients.pools().statements());
    joined.clientJoined();
  }

  /** Keeps what the client's proof has shown, until it is known whose it is. */
  void setProof(AuthDecision.Accepted accepted) {
    proof = accepted;
  }

  /** What the client's proof has shown; it is not kept any longer. */
  AuthDecision.@Nullable Accepted takeProof() {
    AuthDecision.Accepted taken = proof;
    proof = null;
    return taken;
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

  void setVars(SessionVars wanted) {
    vars = wanted;
  }

  void setLimits(ClientLimits limits) {
    this.limits = limits;
  }

  /** Notes the key that the client is told for its cancel requests. */
  void setCancelKey(CancelKey key) {
    cancelKey = key;
  }

  /** Notes that the client is on the console, and whether it may give commands. */
  void setConsole(boolean mayChange) {
    admin = mayChange;
  }

  void serveWith(QueryPhase phase) {
    queryPhase = phase;
    connection.enter(phase);
  }

  void setServer(@Nullable Server held) {
    server = held;
    connection.resume(Link.MEMORY);
  }

  void setState(ClientState next) {
    state = next;
  }

  /** Notes that a message which begins a query, and perhaps a transaction, has come. */
  void requestStarted() {
    if (!clock.isInQuery()) {
      clock.start(connection.loop().nowNs(), requirePool().counters());
    }
  }

  @Override
  public void leased(Server leased) {
    countWait();
    clients.move(this, ClientState.ACTIVE);
    requireQueryPhase().leased(leased);
  }

  private void countWait() {
    requirePool().counters().waitNs += connection.loop().nowNs() - ticket().sinceNs();
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
    clock.settle(connection.loop().nowNs(), requirePool().counters(), idle);
    requireQueryPhase().settled();
  }

  @Override
  public void serverPrepared() {
    requireQueryPhase().serverPrepared();
  }

  @Override
  public void statementsDropped(long request) {
    ClientStatements mine = statements;
    Server by = server;
    if (mine != null && by != null) {
      mine.dropBefore(by.id(), request);
    }
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    midAnswer = isMidAnswer();
    server = null;
    boolean told = why == ServerClose.ENDED || (isGuest() && why == ServerClose.LOST);
    ClientClose end = told ? ClientClose.SERVER_ENDED : ClientClose.SERVER_LOST;
    close(end, SqlState.PROTOCOL_VIOLATION, text);
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
    clients.logClose(this, why, text);
    if (pool != null && ticket != null) {
      pool.lane().leave(this);
    }
    clients.remove(this);
    // Behind half a message the error would be taken for the rest of it.
    if (why.isTold() && !connection.isClosing() && !isMidAnswer()) {
      ByteBuf out = connection.alloc().buffer();
      BackendWriter.error(out, "FATAL", sqlState, text);
      connection.write(out);
    }
    connection.close();
    giveBack();
  }

  private boolean isMidAnswer() {
    Server held = server;
    return midAnswer || (held != null && held.isMidMessage());
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
    seat.giveBack(connection.loop().nowNs());
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
    return name.address();
  }

  public @Nullable String userName() {
    return name.user();
  }

  public @Nullable String databaseName() {
    return name.database();
  }

  /** Whom the client has logged in as. */
  public @Nullable User loginUser() {
    return seat.user();
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

  /** Says whether the client's server was made for it alone. */
  boolean isGuest() {
    Server held = server;
    return held != null && held.guest() != null;
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
    WaitTicket mine = ticket;
    if (mine == null) {
      mine = new WaitTicket(this);
      ticket = mine;
    }
    return mine;
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return state == ClientState.WAITING_LOGIN;
  }

  @Override
  public long requestedNs() {
    return clock.isInQuery() ? clock.queryStartNs() : connection.lastReadNs();
  }

  @Override
  public long queryStartNs() {
    return clock.queryStartNs();
  }

  @Override
  public long transactionStartNs() {
    return clock.transactionStartNs();
  }

  @Override
  public long queryWaitTimeoutNs() {
    return limits.queryWaitTimeoutNs();
  }

  @Override
  public boolean isBetweenMessages() {
    return !inbox.cursor().isMidMessage();
  }

  /** The next client in the list of all. */
  public @Nullable Client next() {
    return next;
  }

  @Override
  public String toString() {
    return name + " " + state.word();
  }
}
