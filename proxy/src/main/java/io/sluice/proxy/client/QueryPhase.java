package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.Inbox;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.pool.Lane;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.session.StatementLook;

/**
 * A client that is logged in: its messages go to a server, which it is leased when it needs one.
 *
 * <p>The bytes of a client that has to wait are kept and are not read twice. It is read from once
 * more at most: most clients send nothing while they wait, and to stop reading costs system calls.
 * Messages are forwarded as they come, in runs. Confined to its event loop.
 */
@HotPath
public final class QueryPhase implements Phase {
  private final Client client;
  private final Pool pool;
  private final Lane lane;
  private final Inbox inbox;
  private final RunWriter run = new RunWriter();
  private final ExtendedQuery extended;
  private final CancelledWait cancelled;
  private final StateWatch watch;
  private final VarsHandover vars = new VarsHandover();
  private final boolean refusesSimpleQueries;
  private boolean forwardsCarried;
  private boolean reading;
  private boolean parked;
  private boolean awaitsAnswers;
  private int wantedBytes;

  QueryPhase(Client client, Pool pool, boolean refusesSimpleQueries) {
    this.client = client;
    this.pool = pool;
    this.lane = pool.lane();
    this.inbox = client.inbox();
    this.refusesSimpleQueries = refusesSimpleQueries;
    this.cancelled = new CancelledWait(client);
    this.watch = new StateWatch(client, pool);
    this.extended = new ExtendedQuery(client, pool, run, watch);
    inbox.cursor().limitLength(pool.settings().maxPacketSize());
  }

  // ---- events

  @Override
  public void onRead(ByteBuf owned) {
    pool.counters().receivedBytes += owned.readableBytes();
    if (parked) {
      client.link().pause(Link.WAITING);
      inbox.append(owned, client.link().alloc());
      return;
    }
    process(inbox.open(owned));
  }

  @Override
  public void onWritability(boolean writable) {
    if (writable) {
      client.link().resume(Link.ANSWERS_FULL);
    }
    Server server = client.server();
    if (server == null) {
      return;
    }
    if (writable) {
      server.link().resume(Link.PEER_FULL);
    } else {
      server.link().pause(Link.PEER_FULL);
    }
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.PROTOCOL_VIOLATION, sqlState, text);
  }

  @Override
  public void onClosed(String cause) {
    client.close(ClientClose.LOST);
  }

  /** A server is the client's: goes on with what waits. */
  void leased(Server server) {
    adopt(server);
    if (!reading && !vars.isUnproven()) {
      proceed();
    }
  }

  /** PostgreSQL has accepted the client's parameters, or answered what was waited for. */
  void serverPrepared() {
    // The server may have been given back with the answer, and to go on may end the client.
    Server server = client.server();
    boolean goesOn = (server != null && vars.accepted(server)) || awaitsAnswers;
    awaitsAnswers = false;
    if (goesOn) {
      proceed();
    }
  }

  /** Everything is answered that the server was asked. */
  void settled() {
    watch.settled();
  }

  /** The client's request is cancelled while it waits for a server. */
  void cancelWait() {
    cancelled.begin();
    client.settled(true);
    client.clients().move(client, ClientState.ACTIVE);
    proceed();
  }

  private void proceed() {
    parked = false;
    client.link().resume(Link.WAITING);
    client.connection().readAgain();
  }

  // ---- one read

  private void process(ByteBuf buf) {
    Server server = client.server();
    run.begin(buf, server == null ? null : server.link());
    reading = true;
    boolean done = false;
    try {
      readAll(buf);
      done = true;
    } finally {
      reading = false;
      if (!done) {
        run.finishKeepingSource();
        buf.release();
      }
    }
    if (client.isClosed()) {
      run.finish();
      return;
    }
    inbox.hold(buf, client.link().alloc(), wantedBytes);
    run.finish();
    Server holder = client.server();
    if (holder != null && !holder.link().isWritable()) {
      client.link().pause(Link.PEER_FULL);
    }
  }

  private void readAll(ByteBuf buf) {
    MessageCursor cursor = inbox.cursor();
    wantedBytes = 0;
    int start = buf.readerIndex();
    int taken = cursor.takeCarried();
    if (taken > 0) {
      carried(cursor, start, taken);
    }
    while (!client.isClosed() && cursor.next()) {
      if (cancelled.isDropping()) {
        drop(cursor);
      } else if (!message(cursor, buf)) {
        return;
      }
    }
  }

  private void carried(MessageCursor cursor, int start, int taken) {
    Server server = client.server();
    if (forwardsCarried && server != null) {
      run.pass(start, start + taken);
      if (!cursor.isMidMessage() && server.isReady()) {
        // It was answered before it was whole: the server could not be released until now.
        run.switchTarget(null);
        lane.ready(server);
        run.switchTarget(client.server() == null ? null : server.link());
      }
    }
    cancelled.finish(cursor);
  }

  /** Takes one message; false when it has to wait. */
  private boolean message(MessageCursor cursor, ByteBuf buf) {
    byte type = cursor.type();
    if (watch.holdsBack(type)) {
      awaitsAnswers = true;
      parked = true;
      return false;
    }
    switch (type) {
      case FrontendType.QUERY:
        if (refusesSimpleQueries) {
          end(ClientClose.PQEXEC);
          return false;
        }
        return query(cursor, buf);
      case FrontendType.EXECUTE:
      case FrontendType.SYNC:
      case FrontendType.FUNCTION_CALL:
        return request(cursor, type);
      case FrontendType.PARSE:
        return parse(cursor, buf);
      case FrontendType.BIND:
      case FrontendType.DESCRIBE:
      case FrontendType.CLOSE:
        return extended(cursor, buf);
      case FrontendType.FLUSH:
      case FrontendType.COPY_DATA:
        return forwardIfServed(cursor);
      case FrontendType.COPY_DONE:
      case FrontendType.COPY_FAIL:
        return copyEnd(cursor, type);
      case FrontendType.TERMINATE:
        end(ClientClose.REQUESTED);
        return false;
      default:
        end(ClientClose.UNKNOWN_MESSAGE);
        return false;
    }
  }

  /** What is on its way to the server goes first: the server may be another's a moment later. */
  private void end(ClientClose why) {
    run.switchTarget(null);
    client.close(why);
  }

  /** Looks at a simple query before it goes the way of all requests. */
  private boolean query(MessageCursor cursor, ByteBuf buf) {
    wantedBytes = watch.missingBytes(cursor);
    if (wantedBytes > 0 || !hasServer()) {
      return false;
    }
    int look = watch.query(cursor, buf);
    byte[] dropped = extended.deallocation().nameIn(look, cursor, buf, requireServer());
    if (dropped != null && extended.isTracking()) {
      return deallocate(cursor, dropped);
    }
    boolean refused = watch.refuses(look);
    if (!refused && watch.awaitsPrepared(requireServer(), look, cursor, buf, run)) {
      return awaitAnswers(requireServer());
    }
    if (!refused) {
      watch.note(requireServer(), look, cursor, buf);
    }
    enter(FrontendType.QUERY);
    if (refused) {
      watch.refuseQuery(run.insert(), look);
      return discard(cursor);
    }
    return forward(cursor);
  }

  /** Drops a prepared statement by its name, when all that was asked before is answered. */
  private boolean deallocate(MessageCursor cursor, byte[] name) {
    Server server = requireServer();
    if (!server.requests().isEmpty()) {
      return awaitAnswers(server);
    }
    watch.settled();
    watch.entered(FrontendType.QUERY);
    extended.deallocation().query(server, name);
    return discard(cursor);
  }

  private boolean awaitAnswers(Server server) {
    extended.awaitAnswers(server);
    awaitsAnswers = true;
    parked = true;
    return false;
  }

  private boolean request(MessageCursor cursor, byte type) {
    if (!hasServer()) {
      return false;
    }
    enter(type);
    return forward(cursor);
  }

  /** Notes what the server is about to be sent, unless PostgreSQL will skip it. */
  private void enter(byte type) {
    Server server = requireServer();
    if (type == FrontendType.QUERY && extended.isTracking()) {
      extended.simpleQuery(server);
    }
    watch.entered(type);
    RequestQueue requests = server.requests();
    if (!requests.isSkippingToSync() || type == FrontendType.SYNC) {
      requests.forward(type);
    }
  }

  private boolean extended(MessageCursor cursor, ByteBuf buf) {
    if (!hasNames(cursor, buf)) {
      return false;
    }
    if (extended.isTracking() && extended.answersAlone(cursor, buf)) {
      extended.closeAlone(cursor, buf);
      cursor.advance();
      return true;
    }
    return hasServer() && sendExtended(cursor, buf);
  }

  /** Looks at what is parsed before it goes the way of all extended messages. */
  private boolean parse(MessageCursor cursor, ByteBuf buf) {
    if (!hasNames(cursor, buf) || !hasServer()) {
      return false;
    }
    int look = watch.parse(cursor, buf);
    boolean kept = extended.keepsLook(look);
    Server server = requireServer();
    if (watch.awaitsGroup(server, look)) {
      return awaitAnswers(server);
    }
    if (look != StatementLook.NOTHING && !server.requests().isSkippingToSync()) {
      if (watch.refuses(look)) {
        enter(FrontendType.PARSE);
        watch.refuseParse(run.insert(), look);
        return discard(cursor);
      }
      watch.noteParsed(server, look, kept, cursor, buf, run);
    }
    return sendExtended(cursor, buf);
  }

  /** Says whether enough of the message is here to know the statement that it names. */
  private boolean hasNames(MessageCursor cursor, ByteBuf buf) {
    wantedBytes = extended.isTracking() ? extended.missingBytes(cursor, buf) : 0;
    return wantedBytes == 0;
  }

  private boolean sendExtended(MessageCursor cursor, ByteBuf buf) {
    if (!extended.isTracking()) {
      enter(cursor.type());
      return forward(cursor);
    }
    Server server = requireServer();
    if (extended.mustAwaitAnswers(cursor, buf, server)) {
      return awaitAnswers(server);
    }
    forwardsCarried = true;
    extended.send(cursor, buf, server);
    return true;
  }

  /** Nobody owes an answer, or takes data, where there is no server. */
  private boolean forwardIfServed(MessageCursor cursor) {
    Server server = client.server();
    if (server == null) {
      return discard(cursor);
    }
    if (cursor.type() == FrontendType.COPY_DATA) {
      server.requests().dataSent();
    }
    return forward(cursor);
  }

  private boolean copyEnd(MessageCursor cursor, byte type) {
    Server server = client.server();
    if (server == null) {
      return discard(cursor);
    }
    RequestQueue requests = server.requests();
    if (!requests.isEmpty() && !requests.isSkippingToSync()) {
      // The data may have been sent before the server has asked for it.
      requests.forward(type);
    }
    return forward(cursor);
  }

  private boolean forward(MessageCursor cursor) {
    int start = cursor.position();
    cursor.advance();
    run.pass(start, cursor.position());
    forwardsCarried = true;
    return true;
  }

  private boolean discard(MessageCursor cursor) {
    cursor.advance();
    forwardsCarried = false;
    return true;
  }

  private void drop(MessageCursor cursor) {
    if (cursor.type() == FrontendType.TERMINATE) {
      end(ClientClose.REQUESTED);
      return;
    }
    cancelled.drop(cursor.type());
    discard(cursor);
    cancelled.finish(cursor);
  }

  // ---- the server

  private Server requireServer() {
    Server server = client.server();
    if (server == null) {
      throw new IllegalStateException("client holds no server: " + client);
    }
    return server;
  }

  /** Makes sure that the client holds a server; false when it has to wait, or was turned away. */
  private boolean hasServer() {
    client.requestStarted();
    if (client.server() != null) {
      return true;
    }
    Server server = lane.lease(client);
    if (server != null) {
      adopt(server);
    } else {
      client.clients().move(client, ClientState.WAITING);
      lane.enqueue(client);
    }
    if (client.isClosed()) {
      return false;
    }
    if (client.server() != null && !vars.isUnproven()) {
      return true;
    }
    parked = true;
    return false;
  }

  private void adopt(Server server) {
    client.setServer(server);
    watch.leased(server);
    vars.give(server, client.vars());
    if (reading) {
      run.switchTarget(server.link());
    }
  }
}
