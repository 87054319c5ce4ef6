package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.prepare.ClientStatements.Named;
import io.sluice.proxy.server.Outcome;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.session.StatementLook;
import io.sluice.proxy.session.StatementNameText;
import org.jspecify.annotations.Nullable;

/**
 * DEALLOCATE of a name that the client has prepared with a Parse: clients on libpq before version
 * 17 have no other way to close one, and servers do not know the name.
 *
 * <p>PostgreSQL is given a statement to drop in its place, so that it answers as it would have, in
 * whatever transaction it is. A name that was prepared in SQL, or never, goes to PostgreSQL as it
 * is. Confined to its event loop.
 */
final class Deallocation {
  /** No statement of a client's has that number. */
  private static final String STAND_IN = "PGBOUNCER_0";

  private static final String DROP = "DEALLOCATE \"" + STAND_IN + "\"";

  private final Client client;
  private final RunWriter run;

  Deallocation(Client client, RunWriter run) {
    this.client = client;
    this.run = run;
  }

  /**
   * The name of a statement of the client's that the current message drops, or null.
   *
   * @param look what the message leaves behind
   */
  byte @Nullable [] nameIn(int look, MessageCursor cursor, ByteBuf view, Server server) {
    ClientStatements mine = client.statements();
    if ((look & StatementLook.DEALLOCATES) == 0
        || mine == null
        || server.isCopyIn()
        || server.requests().isSkippingToSync()
        || !cursor.isComplete()) {
      return null;
    }
    int start = cursor.bodyStart();
    int end = start + cursor.bodyLength();
    if (cursor.type() == FrontendType.PARSE) {
      start += CStrings.length(view, start, end) + 1;
    }
    int length = CStrings.length(view, start, end);
    StatementNameText text = client.clients().pools().statementNames();
    byte[] name = length < 0 ? null : text.dropped(view, start, start + length);
    boolean known = name != null && mine.find(Unpooled.wrappedBuffer(name), 0, name.length) != null;
    return known ? name : null;
  }

  /** Sends a group that has the answers of the simple query DEALLOCATE, and frees the name. */
  void query(Server server, byte[] name) {
    RequestQueue requests = server.requests();
    standIn(server);
    FrontendWriter.parse(run.insert(), "", DROP);
    requests.add(FrontendType.PARSE, RequestQueue.SWALLOW, null);
    ByteBuf out = run.insert();
    // 'B' | length | portal | statement | no formats | no parameters | no formats
    out.writeByte(FrontendType.BIND).writeInt(Integer.BYTES + 2 + 3 * Short.BYTES).writeZero(8);
    requests.add(FrontendType.BIND, RequestQueue.SWALLOW, null);
    // 'E' | length | portal | all rows
    out.writeByte(FrontendType.EXECUTE).writeInt(2 * Integer.BYTES + 1).writeZero(5);
    requests.add(FrontendType.EXECUTE, RequestQueue.FORWARD, freed(server, name));
    close(out, "");
    requests.add(FrontendType.CLOSE, RequestQueue.SWALLOW, null);
    out.writeByte(FrontendType.SYNC).writeInt(Integer.BYTES);
    requests.forward(FrontendType.SYNC);
    server.statements().setUnnamed(null, 0);
  }

  /** Sends a Parse without a name that prepares such a statement, and frees the name. */
  void parse(Server server, byte[] name, @Nullable Outcome claimed) {
    RequestQueue requests = server.requests();
    standIn(server);
    FrontendWriter.parse(run.insert(), "", DROP);
    Outcome freed = freed(server, name);
    requests.add(FrontendType.PARSE, RequestQueue.FORWARD, both(freed, claimed));
  }

  /** Prepares what is to be dropped, whether or not it is there already. */
  private void standIn(Server server) {
    RequestQueue requests = server.requests();
    // PostgreSQL will tell that one is dropped, which is none of those prepared in SQL.
    server.session().preparedByUs();
    close(run.insert(), STAND_IN);
    requests.add(FrontendType.CLOSE, RequestQueue.SWALLOW, null);
    FrontendWriter.parse(run.insert(), STAND_IN, "SELECT 1");
    requests.add(FrontendType.PARSE, RequestQueue.SWALLOW, null);
  }

  private static void close(ByteBuf out, String name) {
    out.writeByte(FrontendType.CLOSE).writeInt(Integer.BYTES + 2 + name.length()).writeByte('S');
    CStrings.write(out, name);
  }

  private @Nullable Outcome freed(Server server, byte[] name) {
    ClientStatements mine = client.statements();
    Named closed = mine == null ? null : mine.remove(name);
    if (mine == null || closed == null) {
      return null;
    }
    mine.unnamed().forget();
    Outcome undo = ExtendedQuery.reopening(mine, closed);
    mine.closing(server.id(), server.requests().lastNumber() + 1);
    client.clients().pools().statements().release(closed.statement());
    return undo;
  }

  private static @Nullable Outcome both(@Nullable Outcome one, @Nullable Outcome other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return () -> {
      one.skipped();
      other.skipped();
    };
  }
}
