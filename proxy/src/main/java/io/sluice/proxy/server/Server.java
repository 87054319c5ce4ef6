package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.Inbox;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.prepare.ServerStatements;
import io.sluice.proxy.session.SessionState;
import io.sluice.proxy.stats.PoolCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to PostgreSQL.
 *
 * <p>Owned by the lane that launched it; used by at most one {@link ReplySink} at a time. Confined
 * to its event loop.
 */
@HotPath
public final class Server {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final long NS_PER_S = 1_000_000_000L;

  private final ServerIdentity identity;
  private final ServerOwner owner;
  private final Database database;
  private final User user;
  private final LoopContext loop;
  private final PoolCounters counters;
  private final @Nullable Guest guest;
  private final SessionState session = new SessionState();
  private final RequestQueue requests = new RequestQueue();
  private final Inbox inbox = new Inbox();
  private final ServerVars vars;
  private final ServerStatements statements;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private ServerState state = ServerState.LOGIN;
  private @Nullable ServerTarget target;
  private @Nullable PgConnection connection;
  private @Nullable ReplySink sink;
  private @Nullable CancelKey cancelKey;
  private byte transactionStatus = TransactionStatus.IDLE;
  private boolean copyIn;
  private boolean dirty;
  private boolean closeNeeded;
  private final ServerLog lines;
  private boolean closing;
  private int cancelsInFlight;
  private long idleSinceNs;
  private long stateSinceNs;
  private @Nullable Runnable closeWatcher;

  // The list of the lane that the server is in.
  @Nullable ServerList list;
  @Nullable Server next;
  @Nullable Server previous;

  public Server(ServerOrigin origin) {
    this.owner = origin.owner();
    this.database = origin.database();
    this.user = origin.user();
    this.loop = origin.loop();
    this.counters = origin.counters();
    this.guest = origin.guest();
    this.vars = new ServerVars(origin.tracked());
    this.statements = new ServerStatements(origin.statements());
    this.lines = origin.log();
    this.idleSinceNs = loop.nowNs();
    this.stateSinceNs = idleSinceNs;
    this.identity = new ServerIdentity(origin.id(), database, user, idleSinceNs);
  }

  // ---- events of the connector and the phases

  /** The address is chosen. */
  void aim(ServerTarget target) {
    this.target = target;
    identity.setAddress(target.display());
  }

  /** The server was another one, on another loop: takes over all that PostgreSQL knows of it. */
  void continueAs(Server before) {
    if (before.target != null) {
      aim(before.target);
    }
    vars.copy(before.vars);
    parameters.putAll(before.parameters);
    cancelKey = before.cancelKey;
    identity.continueAs(before.identity);
    idleSinceNs = before.idleSinceNs;
  }

  /** The connection is made. */
  void connected(PgConnection connection) {
    this.connection = connection;
  }

  void keyReceived(CancelKey key) {
    cancelKey = key;
  }

  void settled(byte status) {
    transactionStatus = status;
    idleSinceNs = loop.nowNs();
  }

  void setCopyIn(boolean copyIn) {
    this.copyIn = copyIn;
  }

  void markDirty() {
    dirty = true;
  }

  /** All that the server owes is answered, and the client told so. */
  public void reportSettled() {
    ReplySink holder = sink;
    if (holder != null) {
      holder.settled(transactionStatus == TransactionStatus.IDLE);
    }
    owner.ready(this);
  }

  /** What may be logged about the server. */
  ServerLog log() {
    return lines;
  }

  ServerOwner owner() {
    return owner;
  }

  // ---- commands

  /** Moves to another state; the owner moves the server to the list that belongs to it. */
  public void setState(ServerState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("server " + state + " cannot become " + next + ": " + this);
    }
    state = next;
    stateSinceNs = loop.nowNs();
  }

  /** Gives the replies from now on to somebody, or to nobody. */
  public void attach(@Nullable ReplySink holder) {
    if (sink != null) {
      sink.link().resume(Link.PEER_FULL | Link.QUEUE_FULL);
    }
    sink = holder;
    requests.watchEnd(null);
    PgConnection mine = connection;
    if (mine != null && (holder == null || holder.link().isWritable())) {
      mine.resume(Link.PEER_FULL);
    } else if (mine != null) {
      mine.pause(Link.PEER_FULL);
    }
  }

  /** Sends bytes of a request that is entered already. */
  public void send(ByteBuf owned) {
    link().write(owned);
  }

  /** Runs one of our own queries; the server must be free. */
  public void run(ServerTask task) {
    PgConnection to = requireConnection();
    statements.setUnnamed(null, 0);
    to.enter(new TaskPhase(this, task));
    ByteBuf out = to.alloc().buffer();
    FrontendWriter.query(out, task.sql());
    to.write(out);
  }

  /** Runs one of our own queries with a parameter; whoever holds the server asks it. */
  public void ask(Inquiry inquiry) {
    InquiryPhase phase = new InquiryPhase(this, inquiry);
    requireConnection().enter(phase);
    statements.setUnnamed(null, 0);
    phase.start();
  }

  /**
   * Sends a statement of ours in front of the client's next request; its answer is swallowed.
   *
   * @param sql statements that return no rows that anybody wants
   */
  public void prepend(String sql) {
    requests.add(FrontendType.QUERY, RequestQueue.SWALLOW, null);
    // A simple query drops the unnamed statement.
    statements.setUnnamed(null, 0);
    ByteBuf out = link().alloc().buffer(sql.length() + 16);
    FrontendWriter.query(out, sql);
    link().write(out);
  }

  /** Closes the connection; tells its owner and whoever holds it. */
  public void close(ServerClose why) {
    close(why, why.text());
  }

  /**
   * Closes the connection with a text of its own.
   *
   * @param text for the log, and for the client that holds the server
   */
  public void close(ServerClose why, String text) {
    if (closing || state == ServerState.CLOSED) {
      return;
    }
    // The last write may fail, which would end up here again.
    closing = true;
    if (lines.mayLogClosing(loop.nowNs())) {
      long ageS = (loop.nowNs() - identity.launchedNs()) / NS_PER_S;
      log.info("{} closing because: {} (age={}s)", identity.logName(), text, ageS);
    }
    PgConnection ending = connection;
    if (ending != null) {
      // Behind half a message Terminate would be taken for the rest of it.
      boolean between = sink == null || sink.isBetweenMessages();
      if (why.sendsTerminate() && between && state != ServerState.CARRYING_CANCEL) {
        ByteBuf out = ending.alloc().buffer(8);
        FrontendWriter.terminate(out);
        ending.write(out);
      }
      ending.close();
    }
    inbox.discard();
    ReplySink holder = sink;
    sink = null;
    if (holder != null) {
      holder.link().resume(Link.PEER_FULL);
    }
    owner.closed(this, why, text);
    requests.clear();
    statements.clear();
    if (holder != null) {
      holder.serverLost(why, text);
    }
    if (closeWatcher != null) {
      closeWatcher.run();
    }
  }

  /** Has something run when the server closes. */
  public void onClosed(Runnable watcher) {
    closeWatcher = watcher;
  }

  /** Marks the server to be closed instead of leased again. */
  public void requireClose() {
    closeNeeded = true;
  }

  /** A cancel request aimed at this server is being delivered. */
  public void cancelStarted() {
    cancelsInFlight++;
  }

  /** A cancel request aimed at this server has been delivered, or given up. */
  public void cancelEnded() {
    cancelsInFlight--;
  }

  // ---- queries

  public long id() {
    return identity.id();
  }

  public ServerState state() {
    return state;
  }

  public Database database() {
    return database;
  }

  public User user() {
    return user;
  }

  public RequestQueue requests() {
    return requests;
  }

  public ServerVars vars() {
    return vars;
  }

  public ServerStatements statements() {
    return statements;
  }

  /** The parameters that PostgreSQL reported at login, in its order. */
  public Map<String, String> parameters() {
    return parameters;
  }

  public @Nullable ReplySink sink() {
    return sink;
  }

  public @Nullable CancelKey cancelKey() {
    return cancelKey;
  }

  public @Nullable ServerTarget target() {
    return target;
  }

  public @Nullable PgConnection connection() {
    return connection;
  }

  /** The sending side. */
  public Link link() {
    return requireConnection();
  }

  PgConnection requireConnection() {
    PgConnection made = connection;
    if (made == null) {
      throw new IllegalStateException("server is not connected: " + this);
    }
    return made;
  }

  Inbox inbox() {
    return inbox;
  }

  LoopContext loop() {
    return loop;
  }

  PoolCounters counters() {
    return counters;
  }

  public byte transactionStatus() {
    return transactionStatus;
  }

  /** For whom alone the server was made; null for one that is pooled. */
  public @Nullable Guest guest() {
    return guest;
  }

  /** What kind of connection this is. */
  public Replication replication() {
    return guest == null ? Replication.NONE : guest.replication();
  }

  /** What clients have left in the session. */
  public SessionState session() {
    return session;
  }

  /** Says whether a COPY from the client is running. */
  public boolean isCopyIn() {
    return copyIn;
  }

  /** Says whether a message of the server has begun whose end has not come yet. */
  public boolean isMidMessage() {
    return inbox.cursor().isMidMessage();
  }

  /** Says whether the server owes nothing and is in no transaction, not even an implicit one. */
  public boolean isReady() {
    return transactionStatus == TransactionStatus.IDLE && requests.isSettled() && !dirty;
  }

  public boolean isDirty() {
    return dirty;
  }

  public boolean isCloseNeeded() {
    return closeNeeded;
  }

  public boolean isClosed() {
    return state == ServerState.CLOSED;
  }

  public int cancelsInFlight() {
    return cancelsInFlight;
  }

  /** When the connection was begun, on the loop's clock. */
  public long launchedNs() {
    return identity.launchedNs();
  }

  /** When the connection was begun, in milliseconds since 1970. */
  public long launchedWallMs() {
    return identity.launchedWallMs();
  }

  /** When the server last said ReadyForQuery, on the loop's clock. */
  public long idleSinceNs() {
    return idleSinceNs;
  }

  /** When the server came to its state, on the loop's clock. */
  public long stateSinceNs() {
    return stateSinceNs;
  }

  /** When bytes last came from the server, on the loop's clock. */
  public long lastReadNs() {
    return connection == null ? identity.launchedNs() : connection.lastReadNs();
  }

  /** The next server in the same list. */
  public @Nullable Server next() {
    return next;
  }

  /** The list that the server is in. */
  public @Nullable ServerList list() {
    return list;
  }

  /** A label that is unique in the life of the process. */
  public String label() {
    return identity.label();
  }

  /** The prefix of the server's log lines. */
  public String logName() {
    return identity.logName();
  }

  @Override
  public String toString() {
    return identity.logName() + " " + state.word();
  }
}
