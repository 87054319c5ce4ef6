package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.ServerStatements;
import io.sluice.proxy.prepare.ServerStatements.Presence;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.prepare.UnnamedStatement;
import io.sluice.proxy.server.Outcome;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * Gives servers the statements that a client is about to use, and takes them the oldest ones; the
 * answers to that are swallowed. Confined to its event loop.
 */
@HotPath
final class StatementSupply {
  private static final byte STATEMENT = 'S';
  private static final byte[] NO_NAME = {};

  private final Pool pool;
  private final RunWriter run;

  /** A Parse of a statement, and what else depends on it. */
  private record Parsing(
      ServerStatements held, Statement statement, long request, @Nullable Outcome more)
      implements Outcome {
    @Override
    public void answered() {
      held.parsed(statement);
    }

    @Override
    public void skipped() {
      held.skipped(statement, request);
      if (more != null) {
        more.skipped();
      }
    }
  }

  /** A Close of a statement. */
  private record Closing(ServerStatements held, Statement statement, long request)
      implements Outcome {
    @Override
    public void answered() {
      held.closed(statement, request);
    }

    @Override
    public void skipped() {
      held.skipped(statement, request);
    }
  }

  StatementSupply(Pool pool, RunWriter run) {
    this.pool = pool;
    this.run = run;
  }

  /** Says whether the server has a statement, and notes the use. */
  Presence use(Server server, Statement statement) {
    RequestQueue requests = server.requests();
    return server.statements().use(statement, requests.headNumber(), requests.lastSync());
  }

  /** Makes sure that the server has a statement. */
  void provide(Server server, Statement statement) {
    Presence presence = use(server, statement);
    if (presence != Presence.PRESENT) {
      prepare(server, statement, presence, RequestQueue.SWALLOW, null);
    }
  }

  /**
   * Sends the Parse of a statement; where the server has it, or may have it, after a Close.
   *
   * @param action what becomes of the answer to the Parse
   * @param more what depends on the Parse, besides what the server has
   */
  void prepare(
      Server server, Statement statement, Presence presence, byte action, @Nullable Outcome more) {
    if (presence != Presence.ABSENT) {
      close(server, statement);
    }
    RequestQueue requests = server.requests();
    ServerStatements held = server.statements();
    long request = requests.lastNumber() + 1;
    requests.add(FrontendType.PARSE, action, new Parsing(held, statement, request, more));
    held.parsing(statement, request);
    pool.counters().serverParses++;
    byte[] body = statement.body();
    ByteBuf out = beginParse(statement.serverName(), body.length);
    out.writeBytes(body);
    closeSurplus(server);
  }

  private ByteBuf beginParse(byte[] name, int bodyLength) {
    ByteBuf out = run.insert();
    out.writeByte(FrontendType.PARSE);
    out.writeInt(Integer.BYTES + name.length + 1 + bodyLength);
    out.writeBytes(name);
    out.writeByte(0);
    return out;
  }

  /**
   * Sends a Parse of another text under the name of a statement that the client has: PostgreSQL
   * says that it is taken, unless it finds something else wrong before.
   *
   * @param buf holds the other text, and its types
   */
  void prepareAgain(Server server, Statement taken, ByteBuf buf, int bodyStart, int bodyLength) {
    provide(server, taken);
    server.requests().forward(FrontendType.PARSE);
    beginParse(taken.serverName(), bodyLength).writeBytes(buf, bodyStart, bodyLength);
  }

  /**
   * Sends a Parse that fails, in place of one for which there is no room.
   *
   * @param byCount whether it is the client that has too many, or all together
   */
  void refuse(Server server, boolean byCount) {
    server.requests().forward(FrontendType.PARSE);
    String text =
        byCount
            ? "too many prepared statements of one client (max_client_prepared_statements)"
            : "no memory for more prepared statements of all clients";
    // Named, for one without a name would replace the client's. It is 22P02, and never prepared.
    FrontendWriter.parse(run.insert(), "PGBOUNCER_0", "SELECT '" + text + "'::pg_catalog.int4");
  }

  private void closeSurplus(Server server) {
    int limit = pool.settings().maxPreparedStatements();
    Statement oldest = server.statements().surplus(limit);
    while (oldest != null) {
      close(server, oldest);
      oldest = server.statements().surplus(limit);
    }
  }

  private void close(Server server, Statement statement) {
    RequestQueue requests = server.requests();
    ServerStatements held = server.statements();
    long request = requests.lastNumber() + 1;
    requests.add(FrontendType.CLOSE, RequestQueue.SWALLOW, new Closing(held, statement, request));
    held.closing(statement, request);
    write(FrontendType.CLOSE, statement.serverName());
  }

  /** Asks the server what a statement takes and returns. */
  void describe(Server server, Statement statement) {
    provide(server, statement);
    server.requests().forward(FrontendType.DESCRIBE, statement);
    write(FrontendType.DESCRIBE, statement.serverName());
  }

  private void write(byte type, byte[] name) {
    ByteBuf out = run.insert();
    out.writeByte(type);
    out.writeInt(Integer.BYTES + 1 + name.length + 1);
    out.writeByte(STATEMENT);
    out.writeBytes(name);
    out.writeByte(0);
  }

  // ---- the unnamed statement

  /** Makes sure that the server's unnamed statement is the client's: the same, or none. */
  void provide(Server server, UnnamedStatement unnamed) {
    if (server.statements().hasUnnamed(unnamed)) {
      return;
    }
    byte type = unnamed.isKnown() ? FrontendType.PARSE : FrontendType.CLOSE;
    Outcome outcome = claim(server, unnamed);
    server.requests().add(type, RequestQueue.SWALLOW, outcome);
    if (unnamed.isKnown()) {
      ByteBuf out = run.insert();
      out.writeByte(FrontendType.PARSE);
      out.writeInt(Integer.BYTES + 1 + unnamed.length());
      out.writeByte(0);
      unnamed.writeTo(out);
    } else {
      write(FrontendType.CLOSE, NO_NAME);
    }
  }

  /**
   * The next request makes the server's unnamed statement the client's.
   *
   * @return what that depends on; null when the request cannot be skipped
   */
  @Nullable Outcome claim(Server server, UnnamedStatement unnamed) {
    ServerStatements held = server.statements();
    RequestQueue requests = server.requests();
    if (!requests.isGroupOpen()) {
      held.setUnnamed(unnamed, 0);
      return null;
    }
    boolean mine = held.hasUnnamed(unnamed);
    if (mine && !held.isUnnamedOpen(requests.headNumber(), requests.lastSync())) {
      return null;
    }
    long request = requests.lastNumber() + 1;
    held.setUnnamed(unnamed, request);
    return () -> held.unnamedSkipped(request);
  }
}
