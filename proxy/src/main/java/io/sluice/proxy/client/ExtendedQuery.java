package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.value.PoolMode;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.prepare.ClientStatements.Named;
import io.sluice.proxy.prepare.ServerStatements.Presence;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.prepare.UnnamedStatement;
import io.sluice.proxy.server.FakeAnswer;
import io.sluice.proxy.server.Outcome;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * Named prepared statements where a client's servers change: Parse, Bind, Describe and Close with a
 * name are rewritten to the name that all servers know the statement by.
 *
 * <p>A server that does not have a statement is sent it first, and its answer swallowed; a Parse of
 * what the server has already is answered in PostgreSQL's place. A name that the client has not
 * prepared, or has prepared before, goes to PostgreSQL so that it fails the way PostgreSQL would
 * have it fail; so does what is no message of its kind. The statement without a name is the
 * client's own too. Confined to its event loop.
 *
 * <pre>
 *   'P' | int32 length | cstr name   | cstr query | int16 n | n × int32 type
 *   'B' | int32 length | cstr portal | cstr name  | …
 *   'D', 'C' | int32 length | byte 'S' or 'P' | cstr name
 * </pre>
 */
@HotPath
final class ExtendedQuery {
  /** Bound of a Parse with a name, which is kept until it is whole. */
  private static final int MAX_PARSE_BYTES = 64 << 20;

  /** Bound of the names in a Bind, Describe or Close. */
  private static final int MAX_NAMES_BYTES = 64 << 10;

  private static final byte STATEMENT = 'S';

  private final Client client;
  private final Pool pool;
  private final RunWriter run;
  private final StatementSupply supply;
  private final StateWatch watch;
  private final Deallocation deallocation;

  // Where the name of the current message stands, how much of it PostgreSQL looks at, and what the
  // statement of a Parse leaves behind.
  private int nameStart;
  private int nameLength;
  private int keyLength;
  private int look;
  private @Nullable Outcome unnamedParsing;

  /** A Parse without a name, and what else depends on it. */
  private record UnnamedParsing(UnnamedStatement unnamed, @Nullable Outcome more)
      implements Outcome {
    @Override
    public void answered() {
      unnamed.parsed();
    }

    @Override
    public void skipped() {
      unnamed.skipped();
      if (more != null) {
        more.skipped();
      }
    }
  }

  ExtendedQuery(Client client, Pool pool, RunWriter run, StateWatch watch) {
    this.client = client;
    this.watch = watch;
    this.pool = pool;
    this.run = run;
    this.supply = new StatementSupply(pool, run);
    this.deallocation = new Deallocation(client, run);
  }

  /** What DEALLOCATE means where statement names are looked after. */
  Deallocation deallocation() {
    return deallocation;
  }

  /** Says whether statement names are looked after here. */
  boolean isTracking() {
    return pool.settings().maxPreparedStatements() > 0
        && pool.settings().mode() != PoolMode.SESSION
        && !client.isGuest();
  }

  /**
   * Finds the names of the current message.
   *
   * @return 0 when enough of it is here, else how many bytes are wanted
   */
  int missingBytes(MessageCursor cursor, ByteBuf buf) {
    int start = cursor.bodyStart();
    int end = start + cursor.bodyAvailable();
    nameStart = start;
    nameLength = -1;
    switch (cursor.type()) {
      case FrontendType.BIND -> {
        int portal = CStrings.length(buf, start, end);
        if (portal >= 0) {
          nameStart = start + portal + 1;
          nameLength = CStrings.length(buf, nameStart, end);
        }
      }
      case FrontendType.PARSE -> nameLength = CStrings.length(buf, start, end);
      default -> {
        nameStart = start + 1;
        nameLength = end > start ? CStrings.length(buf, nameStart, end) : -1;
      }
    }
    keyLength = Math.min(nameLength, ClientStatements.MAX_NAME_BYTES);
    return missing(cursor);
  }

  private int missing(MessageCursor cursor) {
    if (cursor.isComplete() || (nameLength >= 0 && !isKept(cursor))) {
      return 0;
    }
    boolean tooLong =
        nameLength < 0
            ? cursor.bodyAvailable() > MAX_NAMES_BYTES
            : cursor.bodyLength() > MAX_PARSE_BYTES;
    if (tooLong) {
      throw new ProtocolViolation("broken " + FrontendType.describe(cursor.type()) + " packet");
    }
    return MessageCursor.HEADER_BYTES + cursor.bodyLength();
  }

  /** A Parse is wanted again when the server changes. */
  private boolean isKept(MessageCursor cursor) {
    return cursor.type() == FrontendType.PARSE
        && (nameLength > 0 || cursor.bodyLength() <= UnnamedStatement.MAX_BYTES);
  }

  /** Notes what the current Parse leaves behind; says whether that is noted with each Bind. */
  boolean keepsLook(int noted) {
    look = noted;
    return isTracking() && nameLength > 0;
  }

  /** Says whether the current message needs no server: a Close of a name. */
  boolean answersAlone(MessageCursor cursor, ByteBuf buf) {
    return cursor.type() == FrontendType.CLOSE && nameLength > 0 && isOfStatement(cursor, buf);
  }

  /**
   * Says whether what the current message means depends on answers that are still to come: whether
   * a name was given or freed by requests that may be skipped, or dropped with all others.
   */
  boolean mustAwaitAnswers(MessageCursor cursor, ByteBuf buf, Server server) {
    RequestQueue requests = server.requests();
    byte type = cursor.type();
    if (requests.isEmpty() || requests.isSkippingToSync() || nameLength < 0) {
      return false;
    }
    if (server.isCopyIn() && !requests.isCopyEndSent()) {
      // A mistake, which PostgreSQL sees only when it gets the message.
      return false;
    }
    long head = requests.headNumber();
    long sync = requests.lastSync();
    if (nameLength == 0) {
      return (type == FrontendType.BIND || isDescribeOfStatement(cursor, buf))
          && server.statements().isUnnamedOpen(head, sync);
    }
    boolean uses = type == FrontendType.BIND || isDescribeOfStatement(cursor, buf);
    if (!uses && type != FrontendType.PARSE) {
      return false;
    }
    if (statements().isOpen(buf, nameStart, keyLength, server.id(), head, sync)) {
      return true;
    }
    Statement statement = statements().find(buf, nameStart, keyLength);
    if (statement == null || !requests.isStateOpen()) {
      return false;
    }
    // PostgreSQL knows by itself what it has dropped, but not what it never had.
    return !uses || supply.use(server, statement) != Presence.PRESENT;
  }

  private static boolean isDescribeOfStatement(MessageCursor cursor, ByteBuf buf) {
    return cursor.type() == FrontendType.DESCRIBE && isOfStatement(cursor, buf);
  }

  /** Has the server answer what it was sent, although there is no Sync yet. */
  void awaitAnswers(Server server) {
    server.requests().await();
    FrontendWriter.flush(run.insert());
  }

  private static boolean isOfStatement(MessageCursor cursor, ByteBuf buf) {
    return cursor.bodyAvailable() > 0 && buf.getByte(cursor.bodyStart()) == STATEMENT;
  }

  /** Frees a name; the answer is ours. */
  void closeAlone(MessageCursor cursor, ByteBuf buf) {
    Server server = client.server();
    if (server != null && server.requests().isSkippingToSync()) {
      return;
    }
    byte[] name = name(buf);
    ClientStatements mine = statements();
    Named closed = mine.remove(name);
    if (server == null || owesNothing(server)) {
      answerNow(FrontendType.CLOSE);
    } else {
      answerLater(server, FrontendType.CLOSE, closed == null ? null : reopening(mine, closed));
      mine.closing(server.id(), server.requests().lastNumber());
    }
    if (closed != null) {
      cache().release(closed.statement());
    }
  }

  /** What becomes of a Close that PostgreSQL skips. */
  static Outcome reopening(ClientStatements mine, Named closed) {
    int drops = mine.drops();
    byte[] body = closed.statement().body();
    return () -> mine.restore(closed, body, drops);
  }

  private static boolean owesNothing(Server server) {
    return server.requests().isEmpty() && !server.isMidMessage();
  }

  /** Answers when all that was asked before is answered. */
  private void answerLater(Server server, byte type, @Nullable Outcome undo) {
    server.requests().add(type, RequestQueue.FAKE, undo);
    if (server.requests().count() > RequestQueue.MANY) {
      client.link().pause(Link.QUEUE_FULL);
      // PostgreSQL may be waiting for a Sync that is not read any more.
      FrontendWriter.flush(run.insert());
    }
  }

  private void answerNow(byte type) {
    ByteBuf out = client.link().alloc().buffer(16);
    FakeAnswer.write(out, type);
    client.link().write(out);
    if (!client.link().isWritable()) {
      client.link().pause(Link.ANSWERS_FULL);
    }
  }

  /** Sends the current message, rewritten where it has a name, and steps over it. */
  void send(MessageCursor cursor, ByteBuf buf, Server server) {
    byte type = cursor.type();
    boolean portal =
        (type == FrontendType.DESCRIBE || type == FrontendType.CLOSE)
            && !isOfStatement(cursor, buf);
    if (portal || nameLength < 0 || server.requests().isSkippingToSync()) {
      sendAsIs(cursor, server, null);
    } else if (nameLength == 0) {
      sendUnnamed(cursor, buf, server);
    } else {
      switch (type) {
        case FrontendType.PARSE -> parse(cursor, buf, server);
        case FrontendType.BIND -> bind(cursor, buf, server);
        default -> describe(cursor, buf, server);
      }
    }
  }

  private void sendAsIs(MessageCursor cursor, Server server, @Nullable Outcome undo) {
    if (!server.requests().isSkippingToSync()) {
      server.requests().add(cursor.type(), RequestQueue.FORWARD, undo);
    }
    int start = cursor.position();
    cursor.advance();
    run.pass(start, cursor.position());
  }

  // ---- without a name

  /** Notes that the client sends a simple query: it drops the unnamed statement. */
  void simpleQuery(Server server) {
    RequestQueue requests = server.requests();
    if (requests.isSkippingToSync()) {
      return;
    }
    UnnamedStatement unnamed = statements().unnamed();
    unnamed.forget();
    if (!server.statements().hasUnnamed(unnamed)) {
      server.statements().setUnnamed(requests.isGroupOpen() ? null : unnamed, 0);
    }
  }

  private void sendUnnamed(MessageCursor cursor, ByteBuf buf, Server server) {
    UnnamedStatement unnamed = statements().openUnnamed();
    switch (cursor.type()) {
      case FrontendType.PARSE -> {
        Outcome claimed = supply.claim(server, unnamed);
        byte[] dropped = deallocation.nameIn(look, cursor, buf, server);
        if (dropped != null) {
          deallocation.parse(server, dropped, claimed);
          cursor.advance();
          return;
        }
        unnamed.set(buf, nameStart + 1, cursor.bodyLength() - 1, cursor.isComplete());
        unnamed.parsing();
        sendAsIs(cursor, server, outcome(unnamed, claimed));
      }
      case FrontendType.CLOSE -> {
        Outcome claimed = supply.claim(server, unnamed);
        unnamed.forget();
        sendAsIs(cursor, server, claimed);
      }
      default -> {
        supply.provide(server, unnamed);
        sendAsIs(cursor, server, null);
      }
    }
  }

  /** Nearly always the same one: it is wanted with every Parse. */
  private Outcome outcome(UnnamedStatement unnamed, @Nullable Outcome claimed) {
    if (claimed != null) {
      return new UnnamedParsing(unnamed, claimed);
    }
    Outcome outcome = unnamedParsing;
    if (outcome == null) {
      outcome = new UnnamedParsing(unnamed, null);
      unnamedParsing = outcome;
    }
    return outcome;
  }

  // ---- Parse

  private void parse(MessageCursor cursor, ByteBuf buf, Server server) {
    pool.counters().clientParses++;
    Statement before = statements().find(buf, nameStart, keyLength);
    int bodyStart = nameStart + nameLength + 1;
    int bodyLength = cursor.bodyLength() - nameLength - 1;
    if (before != null) {
      supply.prepareAgain(server, before, buf, bodyStart, bodyLength);
    } else {
      boolean full = statements().count() >= pool.settings().maxClientStatements();
      Statement statement = full ? null : cache().open(buf, bodyStart, bodyLength);
      if (statement == null) {
        supply.refuse(server, full);
      } else {
        statement.setLook(look);
        parseNew(server, statement, name(buf));
      }
    }
    cursor.advance();
  }

  private void parseNew(Server server, Statement statement, byte[] name) {
    RequestQueue requests = server.requests();
    ClientStatements mine = statements();
    Presence presence = supply.use(server, statement);
    if (presence == Presence.PRESENT && !mayFail(server) && owesNothing(server)) {
      mine.put(name, statement, server.id(), requests.lastNumber());
      answerNow(FrontendType.PARSE);
      return;
    }
    boolean fakes = presence == Presence.PRESENT && !mayFail(server);
    // A Close may have to go first.
    long request = requests.lastNumber() + (fakes || presence == Presence.ABSENT ? 1 : 2);
    mine.put(name, statement, server.id(), request);
    Outcome forget = () -> mine.unput(name, server.id(), request);
    if (fakes) {
      answerLater(server, FrontendType.PARSE, forget);
    } else {
      supply.prepare(server, statement, presence, RequestQueue.FORWARD, forget);
    }
  }

  /** In a transaction that has failed, PostgreSQL prepares nothing but its end. */
  private static boolean mayFail(Server server) {
    return server.transactionStatus() == TransactionStatus.FAILED
        || server.requests().isStateOpen();
  }

  // ---- Bind, Describe

  private void bind(MessageCursor cursor, ByteBuf buf, Server server) {
    Statement statement = statements().find(buf, nameStart, keyLength);
    if (statement == null) {
      sendAsIs(cursor, server, null);
      return;
    }
    pool.counters().binds++;
    statement.used();
    watch.noteBound(server, statement, run);
    supply.provide(server, statement);
    server.requests().forward(FrontendType.BIND, statement);
    int bodyStart = cursor.bodyStart();
    byte[] name = statement.serverName();
    ByteBuf out = run.insert();
    out.writeByte(FrontendType.BIND);
    out.writeInt(Integer.BYTES + cursor.bodyLength() - nameLength + name.length);
    out.writeBytes(buf, bodyStart, nameStart - bodyStart);
    out.writeBytes(name);
    int rest = nameStart + nameLength;
    cursor.advance();
    run.pass(rest, cursor.position());
  }

  private void describe(MessageCursor cursor, ByteBuf buf, Server server) {
    Statement statement = statements().find(buf, nameStart, keyLength);
    if (statement == null) {
      sendAsIs(cursor, server, null);
      return;
    }
    supply.describe(server, statement);
    cursor.advance();
  }

  // ---- names

  private byte[] name(ByteBuf buf) {
    byte[] name = new byte[keyLength];
    buf.getBytes(nameStart, name);
    return name;
  }

  private ClientStatements statements() {
    ClientStatements mine = client.statements();
    if (mine == null) {
      throw new IllegalStateException("client is not logged in: " + client);
    }
    return mine;
  }

  private StatementCache cache() {
    return client.clients().pools().statements();
  }
}
