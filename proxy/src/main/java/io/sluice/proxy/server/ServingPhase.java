package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.Inbox;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.prepare.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A server that is logged in: its answers go to whoever holds it, matched against the requests that
 * are outstanding.
 *
 * <p>Messages are forwarded as they come, in runs; only CommandComplete, ParameterStatus and
 * ReadyForQuery are waited for until they are whole. What the answers cause (a release, a resumed
 * client) happens after the whole read has been looked at. Confined to its event loop.
 */
@HotPath
final class ServingPhase implements Phase {
  /** Bound of a message that is waited for: far above any tag or parameter value. */
  private static final int MAX_WHOLE_BYTES = 1 << 20;

  /** An error up to this size is waited for until it is whole. */
  private static final int MAX_ERROR_BYTES = 4 << 10;

  private final Server server;
  private final Inbox inbox;
  private final RunWriter run = new RunWriter();
  private @Nullable ReplySink carriedTo;
  private boolean fatal;

  /** The error of the next request has been told already. */
  private boolean hidesError;

  private boolean prepared;
  private boolean sawReady;
  private int wantedBytes;

  ServingPhase(Server server) {
    this.server = server;
    this.inbox = server.inbox();
  }

  // ---- events

  @Override
  public void onRead(ByteBuf owned) {
    server.counters().sentBytes += owned.readableBytes();
    ByteBuf buf = inbox.open(owned);
    ReplySink sink = server.sink();
    run.begin(buf, sink == null ? null : sink.link());
    boolean done = false;
    try {
      readAll(buf);
      done = true;
    } finally {
      if (!done) {
        run.finishKeepingSource();
        buf.release();
      }
    }
    if (server.isClosed()) {
      run.finish();
      return;
    }
    inbox.hold(buf, server.link().alloc(), wantedBytes);
    run.finish();
    settle();
  }

  @Override
  public void onWritability(boolean writable) {
    ReplySink sink = server.sink();
    if (sink == null) {
      return;
    }
    if (writable) {
      sink.link().resume(Link.PEER_FULL);
    } else {
      sink.link().pause(Link.PEER_FULL);
    }
  }

  @Override
  public void onViolation(String sqlState, String text) {
    server.close(text.startsWith("bad packet") ? ServerClose.BAD_HEADER : ServerClose.INTERNAL);
  }

  @Override
  public void onClosed(String cause) {
    server.close(fatal ? ServerClose.ENDED : ServerClose.LOST);
  }

  /** Ends the server; what it has said before goes to its holder first. */
  private void end(ServerClose why) {
    run.flush();
    server.close(why);
  }

  // ---- one read

  private void readAll(ByteBuf buf) {
    MessageCursor cursor = inbox.cursor();
    wantedBytes = 0;
    takeCarried(cursor, buf.readerIndex());
    while (!server.isClosed() && cursor.next()) {
      if (server.sink() == null && server.requests().isEmpty()) {
        if (!unasked(cursor, buf)) {
          return;
        }
      } else if (!answer(cursor, buf)) {
        return;
      }
    }
  }

  private void takeCarried(MessageCursor cursor, int start) {
    int taken = cursor.takeCarried();
    if (taken > 0 && carriedTo != null && carriedTo == server.sink()) {
      run.pass(start, start + taken);
    }
    if (!cursor.isMidMessage()) {
      emitFakes();
    }
  }

  /** Takes one message; false when it has to be whole and is not. */
  private boolean answer(MessageCursor cursor, ByteBuf buf) {
    switch (cursor.type()) {
      case BackendType.DATA_ROW:
      case BackendType.COPY_DATA:
      case BackendType.COPY_DONE:
      case BackendType.COPY_FAIL:
      case BackendType.PARAMETER_DESCRIPTION:
      case BackendType.COPY_OUT_RESPONSE:
      case BackendType.FUNCTION_CALL_RESPONSE:
      case BackendType.NOTICE_RESPONSE:
        forward(cursor);
        return true;
      case BackendType.NOTIFICATION_RESPONSE:
        // Who listens elsewhere hears it there.
        move(cursor, server.sink() != null && !server.session().isListeningForAnother());
        return true;
      case BackendType.ROW_DESCRIPTION:
      case BackendType.NO_DATA:
        forwardAndPop(cursor, FrontendType.DESCRIBE);
        return true;
      case BackendType.PARSE_COMPLETE:
        forwardAndPop(cursor, FrontendType.PARSE);
        return true;
      case BackendType.BIND_COMPLETE:
        forwardAndPop(cursor, FrontendType.BIND);
        return true;
      case BackendType.CLOSE_COMPLETE:
        forwardAndPop(cursor, FrontendType.CLOSE);
        return true;
      case BackendType.EMPTY_QUERY_RESPONSE:
      case BackendType.PORTAL_SUSPENDED:
        forwardAndPop(cursor, FrontendType.EXECUTE);
        return true;
      case BackendType.COPY_IN_RESPONSE:
      case BackendType.COPY_BOTH_RESPONSE:
        server.setCopyIn(true);
        forward(cursor);
        return true;
      case BackendType.ERROR_RESPONSE:
        return !isShortPart(cursor) && error(cursor, buf);
      case BackendType.COMMAND_COMPLETE:
        return isWhole(cursor) && commandComplete(cursor, buf);
      case BackendType.PARAMETER_STATUS:
        return isWhole(cursor) && parameterStatus(cursor, buf);
      case BackendType.READY_FOR_QUERY:
        return isWhole(cursor) && readyForQuery(cursor, buf);
      default:
        end(ServerClose.UNKNOWN_MESSAGE);
        return false;
    }
  }

  private boolean isWhole(MessageCursor cursor) {
    if (cursor.isComplete()) {
      return true;
    }
    if (cursor.bodyLength() > MAX_WHOLE_BYTES) {
      end(
          cursor.type() == BackendType.PARAMETER_STATUS
              ? ServerClose.BROKEN_PARAMETER
              : ServerClose.BAD_HEADER);
      return false;
    }
    wantedBytes = cursor.bodyLength() + MessageCursor.HEADER_BYTES;
    return false;
  }

  /** Says whether the answers are to one of our own statements. */
  private boolean isSwallowing() {
    return server.requests().isQueryOfOurs();
  }

  private void forward(MessageCursor cursor) {
    move(cursor, !isSwallowing() && server.sink() != null);
  }

  private void move(MessageCursor cursor, boolean forwards) {
    int start = cursor.position();
    cursor.advance();
    if (forwards) {
      run.pass(start, cursor.position());
    }
    carriedTo = forwards ? server.sink() : null;
  }

  private void forwardAndPop(MessageCursor cursor, byte type) {
    RequestQueue requests = server.requests();
    if (requests.headType() != type) {
      forward(cursor);
      return;
    }
    boolean forwards = requests.headAction() == RequestQueue.FORWARD && server.sink() != null;
    requests.pop();
    move(cursor, forwards);
    fakesDue(cursor);
  }

  private void fakesDue(MessageCursor cursor) {
    if (!cursor.isMidMessage()) {
      emitFakes();
    }
  }

  /** Answers the requests at the head that PostgreSQL was not sent. */
  private void emitFakes() {
    RequestQueue requests = server.requests();
    while (requests.headAction() == RequestQueue.FAKE) {
      FakeAnswer.write(run.insert(), requests.headType());
      requests.pop();
    }
  }

  /** An error that ends the session; one of which only a part is here is taken for another one. */
  private static boolean isFatal(MessageCursor cursor, ByteBuf buf) {
    if (!cursor.isComplete()) {
      return false;
    }
    ByteBuf body = buf.slice(cursor.bodyStart(), cursor.bodyLength());
    String severity = ErrorFields.parse(body).severity();
    return severity.equals("FATAL") || severity.equals("PANIC");
  }

  /** Waits for the rest of an error; one with a very long text is not looked into. */
  private boolean isShortPart(MessageCursor cursor) {
    if (cursor.isComplete() || cursor.bodyLength() > MAX_ERROR_BYTES) {
      return false;
    }
    wantedBytes = cursor.bodyLength() + MessageCursor.HEADER_BYTES;
    return true;
  }

  private boolean error(MessageCursor cursor, ByteBuf buf) {
    RequestQueue requests = server.requests();
    if (isSwallowing() && !requests.isAttempt()) {
      move(cursor, false);
      end(ServerClose.INVALID_PARAMETER);
      return true;
    }
    Statement statement = requests.headStatement();
    if (statement != null && cursor.isComplete() && StalePlan.isIn(buf, cursor)) {
      statement.expire();
    }
    byte head = requests.headType();
    boolean copy = server.isCopyIn();
    server.setCopyIn(false);
    fatal |= isFatal(cursor, buf);
    EndWatcher watcher = server.requests().endWatcher();
    if (watcher != null) {
      watcher.failed();
    }
    boolean told = tellsError(requests);
    move(cursor, told && server.sink() != null);
    if (head == FrontendType.EXECUTE && copy) {
      requests.failCopy();
    } else if (head == FrontendType.QUERY && copy) {
      requests.failCopyAfterHead();
    } else if (RequestQueue.isExtended(head)) {
      requests.failToSync();
    }
    return true;
  }

  /** Decides whether the client sees an error: one of ours may stand for that of its own. */
  private boolean tellsError(RequestQueue requests) {
    boolean told = !hidesError;
    hidesError = false;
    if (requests.isAttempt()) {
      told = requests.headAction() == RequestQueue.ATTEMPT_ALOUD;
      hidesError = told;
      requests.refused();
    }
    return told || fatal;
  }

  private boolean commandComplete(MessageCursor cursor, ByteBuf buf) {
    RequestQueue requests = server.requests();
    boolean ours = isSwallowing();
    boolean follows = !ours || requests.isAttempt();
    boolean drops =
        follows && CommandTag.apply(server, buf, cursor.bodyStart(), cursor.bodyLength());
    long number = requests.headNumber();
    boolean forwards = !ours && server.sink() != null;
    EndWatcher watcher = server.requests().endWatcher();
    if (watcher != null && forwards) {
      watcher.completed(buf, cursor.bodyStart(), cursor.bodyLength());
    }
    if (server.isCopyIn()) {
      server.setCopyIn(false);
      if (requests.headType() == FrontendType.EXECUTE) {
        requests.dropToCopyEnd();
      } else if (requests.headType() == FrontendType.QUERY) {
        requests.dropToCopyEndAfterHead();
      }
    } else if (requests.headType() == FrontendType.EXECUTE) {
      requests.pop();
    }
    move(cursor, forwards);
    ReplySink sink = server.sink();
    if (drops && forwards && sink != null) {
      sink.statementsDropped(number);
    }
    fakesDue(cursor);
    return true;
  }

  private boolean parameterStatus(MessageCursor cursor, ByteBuf buf) {
    boolean swallowing = isSwallowing();
    run.flush();
    ParameterStatusReader.read(server, buf, cursor.bodyStart(), cursor.bodyLength());
    if (server.isClosed()) {
      return false;
    }
    move(cursor, !swallowing && server.sink() != null);
    return true;
  }

  private boolean readyForQuery(MessageCursor cursor, ByteBuf buf) {
    byte status = cursor.bodyLength() == 1 ? buf.getByte(cursor.bodyStart()) : 0;
    RequestQueue requests = server.requests();
    byte head = requests.headType();
    boolean answers =
        head == FrontendType.SYNC
            || head == FrontendType.QUERY
            || head == FrontendType.FUNCTION_CALL;
    if (!answers || !TransactionStatus.isValid(status)) {
      end(ServerClose.UNEXPECTED_READY);
      return false;
    }
    boolean attempt = requests.isAttempt();
    boolean task = requests.headAction() == RequestQueue.SWALLOW;
    boolean swallowed = attempt || task;
    EndWatcher watcher = swallowed ? null : server.requests().endWatcher();
    long number = requests.headNumber();
    requests.pop();
    server.setCopyIn(false);
    server.settled(status);
    if (task) {
      server.vars().accept();
    }
    hidesError &= attempt;
    boolean told = !swallowed && (watcher == null || mayEnd(watcher, number, status));
    move(cursor, told && server.sink() != null);
    prepared |= task || watcher != null;
    // One that is withheld settles nothing, whatever came in the same read before it.
    sawReady = swallowed ? sawReady : told;
    fakesDue(cursor);
    requests.readyReceived();
    return true;
  }

  /** What was read before goes first: the watcher may have something to say behind it. */
  private boolean mayEnd(EndWatcher watcher, long request, byte status) {
    run.flush();
    return watcher.mayEnd(request, status);
  }

  // ---- a free server

  /** Takes a message that nobody asked for; false when it has to be whole and is not. */
  private boolean unasked(MessageCursor cursor, ByteBuf buf) {
    switch (cursor.type()) {
      case BackendType.NOTICE_RESPONSE:
      case BackendType.NOTIFICATION_RESPONSE:
        move(cursor, false);
        return true;
      case BackendType.PARAMETER_STATUS:
        return isWhole(cursor) && parameterStatus(cursor, buf);
      default:
        // Most often the FATAL error of a server that is being shut down.
        server.markDirty();
        end(cursor.type() == BackendType.ERROR_RESPONSE ? ServerClose.LOST : ServerClose.DIRTY);
        return false;
    }
  }

  // ---- after the read

  private void settle() {
    if (server.requests().takeAwaited(server.isCopyIn())) {
      prepared = true;
    }
    if (prepared) {
      prepared = false;
      ReplySink sink = server.sink();
      if (sink != null) {
        sink.serverPrepared();
      }
    }
    if (sawReady && !server.isMidMessage()) {
      // In the middle of a message, its end still belongs to the one who got the beginning.
      sawReady = false;
      if (!server.isClosed() && server.requests().isSettled()) {
        server.reportSettled();
      }
    }
    backPressure();
  }

  private void backPressure() {
    ReplySink sink = server.sink();
    if (sink != null && server.requests().count() < RequestQueue.MANY) {
      sink.link().resume(Link.QUEUE_FULL);
    }
    PgConnection connection = server.connection();
    if (sink != null && connection != null && !sink.link().isWritable()) {
      connection.pause(Link.PEER_FULL);
    }
  }
}
