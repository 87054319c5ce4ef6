package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.value.PoolMode;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.server.FakeAnswer;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.Undo;
import org.jspecify.annotations.Nullable;

/**
 * Named prepared statements where a client's servers change: Parse, Bind, Describe and Close with a
 * name are rewritten to the name that all servers know the statement by.
 *
 * <p>A server that does not have a statement is sent it first, and its answer swallowed; a Parse of
 * what the server has already is answered in PostgreSQL's place. A name that the client has not
 * prepared, or has prepared before, goes to PostgreSQL so that it fails the way PostgreSQL would
 * have it fail. Confined to its event loop.
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

  // Where the names of the current message stand.
  private int nameStart;
  private int nameLength;

  ExtendedQuery(Client client, Pool pool, RunWriter run) {
    this.client = client;
    this.pool = pool;
    this.run = run;
  }

  /** Says whether statement names are looked after here. */
  boolean isTracking() {
    return pool.settings().maxPreparedStatements() > 0
        && pool.settings().mode() != PoolMode.SESSION;
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
    return missing(cursor);
  }

  private int missing(MessageCursor cursor) {
    boolean whole = cursor.isComplete();
    boolean isNamedParse = cursor.type() == FrontendType.PARSE && nameLength > 0;
    if (nameLength >= 0 && (whole || !isNamedParse)) {
      return 0;
    }
    if (whole) {
      throw new ProtocolViolation("broken " + FrontendType.describe(cursor.type()) + " packet");
    }
    int limit = isNamedParse ? MAX_PARSE_BYTES : MAX_NAMES_BYTES;
    if (isNamedParse ? cursor.bodyLength() > limit : cursor.bodyAvailable() > limit) {
      throw new ProtocolViolation("broken " + FrontendType.describe(cursor.type()) + " packet");
    }
    return MessageCursor.HEADER_BYTES + cursor.bodyLength();
  }

  /** Says whether the current message needs no server: a Close of a name. */
  boolean answersAlone(MessageCursor cursor, ByteBuf buf) {
    return cursor.type() == FrontendType.CLOSE
        && nameLength > 0
        && buf.getByte(cursor.bodyStart()) == STATEMENT;
  }

  /** Frees a name; the answer is ours. */
  void closeAlone(MessageCursor cursor, ByteBuf buf) {
    Server server = client.server();
    if (server != null && server.requests().isSkippingToSync()) {
      return;
    }
    byte[] name = name(buf);
    ClientStatements mine = statements();
    Statement closed = mine.remove(name);
    if (server == null || owesNothing(server)) {
      answerNow(FrontendType.CLOSE);
    } else {
      answerLater(
          server, FrontendType.CLOSE, closed == null ? null : () -> reopen(mine, name, closed));
    }
    release(closed);
  }

  private void reopen(ClientStatements mine, byte[] name, Statement closed) {
    cache().retain(closed);
    mine.put(name, closed);
  }

  private static boolean owesNothing(Server server) {
    return server.requests().isEmpty() && !server.isMidMessage();
  }

  /** Answers when all that was asked before is answered. */
  private void answerLater(Server server, byte type, @Nullable Undo undo) {
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
    boolean named = nameLength > 0;
    if (type == FrontendType.DESCRIBE || type == FrontendType.CLOSE) {
      named &= buf.getByte(cursor.bodyStart()) == STATEMENT;
    }
    if (!named || server.requests().isSkippingToSync()) {
      sendAsIs(cursor, server);
      return;
    }
    switch (type) {
      case FrontendType.PARSE -> parse(cursor, buf, server);
      case FrontendType.BIND -> bind(cursor, buf, server);
      default -> describe(cursor, buf, server);
    }
  }

  private void sendAsIs(MessageCursor cursor, Server server) {
    if (!server.requests().isSkippingToSync()) {
      server.requests().forward(cursor.type());
    }
    int start = cursor.position();
    cursor.advance();
    run.pass(start, cursor.position());
  }

  // ---- Parse

  private void parse(MessageCursor cursor, ByteBuf buf, Server server) {
    ClientStatements mine = statements();
    pool.counters().clientParses++;
    Statement before = mine.find(buf, nameStart, nameLength);
    if (before != null) {
      parseAgain(server, before);
    } else {
      int bodyStart = nameStart + nameLength + 1;
      int bodyLength = cursor.bodyLength() - nameLength - 1;
      Statement statement = cache().open(buf, bodyStart, bodyLength);
      parseNew(server, statement, name(buf));
    }
    cursor.advance();
  }

  /** The name is taken: PostgreSQL says so when it is asked for the same statement again. */
  private void parseAgain(Server server, Statement statement) {
    provide(server, statement);
    server.requests().forward(FrontendType.PARSE);
    writeParse(statement);
  }

  private void parseNew(Server server, Statement statement, byte[] name) {
    ClientStatements mine = statements();
    mine.put(name, statement);
    if (server.statements().use(statement)) {
      if (owesNothing(server)) {
        answerNow(FrontendType.PARSE);
      } else {
        answerLater(server, FrontendType.PARSE, () -> forget(mine, name));
      }
      return;
    }
    server
        .requests()
        .add(
            FrontendType.PARSE,
            RequestQueue.FORWARD,
            () -> {
              forget(mine, name);
              server.statements().remove(statement);
            });
    sendParse(server, statement);
  }

  private void forget(ClientStatements mine, byte[] name) {
    release(mine.remove(name));
  }

  /** Makes sure that the server has a statement; the answer to it is swallowed. */
  private void provide(Server server, Statement statement) {
    if (server.statements().use(statement)) {
      return;
    }
    server
        .requests()
        .add(FrontendType.PARSE, RequestQueue.SWALLOW, () -> server.statements().remove(statement));
    sendParse(server, statement);
  }

  private void sendParse(Server server, Statement statement) {
    pool.counters().serverParses++;
    server.statements().add(statement);
    writeParse(statement);
    closeSurplus(server);
  }

  private void writeParse(Statement statement) {
    ByteBuf out = run.insert();
    byte[] name = statement.serverName();
    byte[] body = statement.body();
    out.writeByte(FrontendType.PARSE);
    out.writeInt(Integer.BYTES + name.length + 1 + body.length);
    out.writeBytes(name);
    out.writeByte(0);
    out.writeBytes(body);
  }

  private void closeSurplus(Server server) {
    int limit = pool.settings().maxPreparedStatements();
    Statement oldest = server.statements().surplus(limit);
    while (oldest != null) {
      Statement closed = oldest;
      server.statements().remove(closed);
      server
          .requests()
          .add(FrontendType.CLOSE, RequestQueue.SWALLOW, () -> server.statements().add(closed));
      writeClose(closed);
      oldest = server.statements().surplus(limit);
    }
  }

  private void writeClose(Statement statement) {
    ByteBuf out = run.insert();
    byte[] name = statement.serverName();
    out.writeByte(FrontendType.CLOSE);
    out.writeInt(Integer.BYTES + 1 + name.length + 1);
    out.writeByte(STATEMENT);
    out.writeBytes(name);
    out.writeByte(0);
  }

  // ---- Bind, Describe

  private void bind(MessageCursor cursor, ByteBuf buf, Server server) {
    Statement statement = statements().find(buf, nameStart, nameLength);
    if (statement == null) {
      sendAsIs(cursor, server);
      return;
    }
    pool.counters().binds++;
    provide(server, statement);
    server.requests().forward(FrontendType.BIND);
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
    Statement statement = statements().find(buf, nameStart, nameLength);
    if (statement == null) {
      sendAsIs(cursor, server);
      return;
    }
    provide(server, statement);
    server.requests().forward(FrontendType.DESCRIBE);
    byte[] name = statement.serverName();
    ByteBuf out = run.insert();
    out.writeByte(FrontendType.DESCRIBE);
    out.writeInt(Integer.BYTES + 1 + name.length + 1);
    out.writeByte(STATEMENT);
    out.writeBytes(name);
    out.writeByte(0);
    cursor.advance();
  }

  // ---- names

  private byte[] name(ByteBuf buf) {
    byte[] name = new byte[nameLength];
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

  private void release(@Nullable Statement statement) {
    if (statement != null) {
      cache().release(statement);
    }
  }
}
