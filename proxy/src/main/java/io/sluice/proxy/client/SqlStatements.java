package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.server.Outcome;
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
 * client's, the server is sent a PREPARE of that name, whose answer is dropped: for EXECUTE and for
 * a second PREPARE the client's own, for DEALLOCATE one that always can be. PostgreSQL then answers
 * as it would have; where the client's own cannot be prepared any more, EXECUTE fails with the
 * reason for that. Whether the client's own commands are carried out, PostgreSQL tells by their
 * tags.
 *
 * <p>Confined to its event loop.
 */
final class SqlStatements {
  /** All looks for which {@link #before} is to be called. */
  static final int NAMES =
      StateKind.PREPARED.bit() | StatementLook.EXECUTES | StatementLook.DEALLOCATES;

  /** Most text for one client. */
  static final int MAX_BYTES = 64 << 10;

  private static final int ENTRY_BYTES = 100;

  /** The bodies of the queries, by the names that they prepare. */
  private final Map<String, byte[]> texts = new HashMap<>();

  /** Those of them that the server has. */
  private final Set<String> present = new HashSet<>();

  private final ClientStatements budget;
  private final StatementNameText reader;
  private int bytes;

  /** What the client's own command that is under way names; null for none. */
  private @Nullable String name;

  /** What it prepares; null if it drops. */
  private byte @Nullable [] prepares;

  private int seenPrepares;
  private int seenDrops;
  private int seenDropsOfAll;

  SqlStatements(Server server, ClientStatements budget, StatementNameText reader) {
    this.budget = budget;
    this.reader = reader;
    leased(server);
  }

  /** The client has got a server, which knows none of its statements. */
  void leased(Server server) {
    present.clear();
    name = null;
    prepares = null;
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
    byte[] text = prepares;
    name = null;
    prepares = null;
    if (session.dropsOfAll() != seenDropsOfAll) {
      forgetAll();
    } else if (done != null && text != null && session.prepares() != seenPrepares) {
      keep(done, text);
    } else if (done != null && text == null && session.drops() != seenDrops) {
      forget(done);
    }
    look(session);
  }

  private void keep(String done, byte[] text) {
    forget(done);
    int more = text.length + ENTRY_BYTES;
    if (bytes + more <= MAX_BYTES && budget.keepsText(more)) {
      texts.put(done, text);
      present.add(done);
      bytes += more;
    }
  }

  private void forget(String done) {
    present.remove(done);
    byte[] text = texts.remove(done);
    if (text != null) {
      bytes -= text.length + ENTRY_BYTES;
      budget.forgetsText(text.length + ENTRY_BYTES);
    }
  }

  private void forgetAll() {
    budget.forgetsText(bytes);
    texts.clear();
    present.clear();
    bytes = 0;
  }

  /**
   * A statement is about to be sent to a server whose state is known.
   *
   * @param look what the statement leaves behind
   * @param end where its text ends, at the latest; a zero byte ends it before
   * @param alone whether it is a simple query, of which an error is the last word
   */
  void before(
      Server server, int look, ByteBuf view, int start, int end, boolean alone, RunWriter run) {
    settled(server);
    int length = CStrings.length(view, start, end);
    String named = reader.any(view, start, length < 0 ? end : start + length);
    if (named == null) {
      return;
    }
    byte[] text = texts.get(named);
    boolean drops = (look & StatementLook.DEALLOCATES) != 0;
    boolean executes = (look & StatementLook.EXECUTES) != 0;
    if (text != null && present.add(named)) {
      prepareAgain(server, named, drops ? null : text, executes && alone, run.insert());
    }
    if (drops) {
      name = named;
    } else if (!executes && length >= 0 && isKept(view, start, length)) {
      name = named;
      prepares = new byte[length + 1];
      view.getBytes(start, prepares);
    }
  }

  /**
   * A statement is sent in the middle of a group, where nothing can be put in front of it: what it
   * names may be another one from now on.
   */
  void among(int look, ByteBuf view, int start, int end) {
    int length = CStrings.length(view, start, end);
    if ((look & StatementLook.EXECUTES) == 0 && length >= 0) {
      String named = reader.any(view, start, start + length);
      if (named != null) {
        forget(named);
      }
    }
  }

  /**
   * What is said again must be one statement, whatever PostgreSQL takes backslashes for; and
   * whether it is kept must not depend on how it has arrived.
   */
  private static boolean isKept(ByteBuf view, int start, int length) {
    int semicolon = view.indexOf(start, start + length, (byte) ';');
    boolean unclear = semicolon >= 0 && view.indexOf(start, start + length, (byte) '\\') >= 0;
    return !unclear && length <= StateWatch.MAX_LOOK_BYTES;
  }

  /**
   * Has the server prepare a name.
   *
   * @param text what it is to be; null for anything
   * @param aloud whether the client is told why that cannot be
   */
  private void prepareAgain(
      Server server, String named, byte @Nullable [] text, boolean aloud, ByteBuf out) {
    byte action = aloud ? RequestQueue.ATTEMPT_ALOUD : RequestQueue.ATTEMPT;
    Outcome missing =
        () -> {
          present.remove(named);
          seenPrepares--;
        };
    // PostgreSQL will tell of this one too.
    seenPrepares++;
    server.session().note(StateKind.PREPARED.bit());
    server.requests().add(FrontendType.QUERY, action, missing);
    // A simple query drops the unnamed statement.
    server.statements().setUnnamed(null, 0);
    if (text == null) {
      FrontendWriter.query(out, "PREPARE \"" + named.replace("\"", "\"\"") + "\" AS SELECT 1");
    } else {
      out.writeByte(FrontendType.QUERY).writeInt(Integer.BYTES + text.length).writeBytes(text);
    }
  }
}
