package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.session.SessionState;
import io.sluice.proxy.session.StateKind;
import io.sluice.proxy.session.StatementLook;
import io.sluice.proxy.session.StatementNameText;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client has prepared with the SQL statement PREPARE, so that EXECUTE finds it on whatever
 * server the client has got.
 *
 * <p>Servers are cleaned between clients, so that a server knows at most what its client has
 * prepared in this very transaction. In front of a statement that names another one of the
 * client's, the server is sent the client's own PREPARE once more, whose answer is dropped; then
 * PostgreSQL answers as it would have, to EXECUTE and DEALLOCATE as to a second PREPARE of the same
 * name. Whether a PREPARE has been carried out, PostgreSQL tells by its command tag.
 *
 * <p>Statements are followed that stand alone in a simple query, or are the first of a group of the
 * extended protocol, up to {@link #MAX_BYTES} of text for a client. For others, what is prepared
 * lasts as long as the transaction. Confined to its event loop.
 */
final class SqlStatements {
  /** All looks for which {@link #before} is to be called. */
  static final int NAMES =
      StateKind.PREPARED.bit() | StatementLook.EXECUTES | StatementLook.DEALLOCATES;

  static final int MAX_BYTES = 64 << 10;
  private static final int ENTRY_BYTES = 100;

  /** The bodies of the queries, by the names that they prepare. */
  private final Map<String, byte[]> texts = new HashMap<>();

  private final Set<String> present = new HashSet<>();
  private final StatementNameText reader;
  private int bytes;

  /** What is under way; nothing if the name is null. */
  private @Nullable String name;

  private byte @Nullable [] prepares;
  private int seenPrepares;
  private int seenDrops;
  private int seenDropsOfAll;

  SqlStatements(Server server, StatementNameText reader) {
    this.reader = reader;
    leased(server);
  }

  /** The client has got a server, which knows none of its statements. */
  void leased(Server server) {
    present.clear();
    name = null;
    look(server.session());
  }

  private void look(SessionState session) {
    seenPrepares = session.prepares();
    seenDrops = session.drops();
    seenDropsOfAll = session.dropsOfAll();
  }

  /** The server has answered everything: notes what has been carried out. */
  void settled(Server server) {
    SessionState session = server.session();
    String done = name;
    name = null;
    if (session.dropsOfAll() != seenDropsOfAll) {
      texts.clear();
      present.clear();
      bytes = 0;
    } else if (done != null && prepares != null && session.prepares() != seenPrepares) {
      keep(done, prepares);
    } else if (done != null && prepares == null && session.drops() != seenDrops) {
      forget(done);
    }
    prepares = null;
    look(session);
  }

  private void keep(String done, byte[] text) {
    present.add(done);
    int more = text.length + ENTRY_BYTES;
    if (bytes + more <= MAX_BYTES) {
      texts.put(done, text);
      bytes += more;
    }
  }

  private void forget(String done) {
    present.remove(done);
    byte[] text = texts.remove(done);
    if (text != null) {
      bytes -= text.length + ENTRY_BYTES;
    }
  }

  /**
   * A statement is about to be sent to a server that owes no answer.
   *
   * @param look what the statement leaves behind
   * @param end where its text ends, at the latest; a zero byte ends it before
   */
  void before(Server server, int look, ByteBuf view, int start, int end, RunWriter run) {
    settled(server);
    int length = CStrings.length(view, start, end);
    String named = length < 0 ? null : reader.any(view, start, start + length);
    if (named == null) {
      return;
    }
    byte[] text = texts.get(named);
    if (text != null && present.add(named)) {
      prepareAgain(server, text, run.insert());
    }
    boolean prepare = (look & StateKind.PREPARED.bit()) != 0;
    if (prepare && text == null) {
      name = named;
      prepares = new byte[length + 1];
      view.getBytes(start, prepares);
    } else if ((look & StatementLook.DEALLOCATES) != 0) {
      name = named;
    }
    look(server.session());
  }

  private static void prepareAgain(Server server, byte[] text, ByteBuf out) {
    server.session().note(StateKind.PREPARED.bit());
    server.requests().add(FrontendType.QUERY, RequestQueue.ATTEMPT, null);
    // A simple query drops the unnamed statement.
    server.statements().setUnnamed(null, 0);
    out.writeByte(FrontendType.QUERY).writeInt(Integer.BYTES + text.length).writeBytes(text);
  }
}
