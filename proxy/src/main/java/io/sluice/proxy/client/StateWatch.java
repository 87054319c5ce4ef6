package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.HotPath;
import io.sluice.proxy.listen.Hub;
import io.sluice.proxy.net.RunWriter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.prepare.ClientStatements;
import io.sluice.proxy.prepare.Statement;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.session.StateKind;
import io.sluice.proxy.session.StatementLook;
import io.sluice.proxy.session.TrackedNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what a client's statements leave behind in the session of its server, and does what
 * session_state_policy says about it before they are sent. Confined to the event loop.
 */
@HotPath
final class StateWatch implements TrackedNames {
  private static final Logger log = LoggerFactory.getLogger(StateWatch.class);

  /** A message up to this size is waited for; of a longer one, what is here is looked at. */
  static final int MAX_LOOK_BYTES = 8 << 10;

  /** So much of a longer message has its first words, and a name. */
  private static final int FIRST_BYTES = 512;

  /** The longest that PostgreSQL takes; of longer ones it refuses the length itself. */
  private static final int MAX_BODY_BYTES = (1 << 30) - 6;

  private final Client client;
  private final Pool pool;
  private int warned;
  private @Nullable Listening listening;
  private @Nullable SqlStatements sql;

  StateWatch(Client client, Pool pool) {
    this.client = client;
    this.pool = pool;
  }

  /** A parameter that PostgreSQL reports follows its client; others do not, whatever is asked. */
  @Override
  public boolean contains(String name) {
    Server server = client.server();
    int index = client.clients().pools().tracked().indexOf(name);
    return index >= 0 && server != null && server.vars().isReported(index);
  }

  /** How many bytes of the current message are wanted before it is looked at; 0 for no more. */
  int missingBytes(MessageCursor cursor) {
    int length = cursor.bodyLength();
    if (length > MAX_BODY_BYTES) {
      return 0;
    }
    int wanted = length > MAX_LOOK_BYTES ? FIRST_BYTES : length;
    return cursor.bodyAvailable() >= wanted ? 0 : MessageCursor.HEADER_BYTES + wanted;
  }

  /** What the current message, a simple query, leaves behind. */
  int query(MessageCursor cursor, ByteBuf view) {
    int start = cursor.bodyStart();
    return look().query(this, view, start, start + cursor.bodyAvailable());
  }

  /** What the current message, a Parse, leaves behind when it is executed. */
  int parse(MessageCursor cursor, ByteBuf view) {
    int start = cursor.bodyStart();
    int end = start + cursor.bodyAvailable();
    int name = CStrings.length(view, start, end);
    if (name < 0) {
      return StatementLook.NOTHING;
    }
    int text = start + name + 1;
    int length = CStrings.length(view, text, end);
    return look().statement(this, view, text, length < 0 ? end : text + length);
  }

  private StatementLook look() {
    return client.clients().pools().look();
  }

  /** Says whether such a statement must not be run. */
  boolean refuses(int look) {
    return look != StatementLook.NOTHING
        && (left(look) & StatementLook.KINDS) != 0
        && pool.settings().rejectsState()
        && !client.isGuest();
  }

  /** What is left of it in the server's session: not what others listen to for the client. */
  private int left(int look) {
    return sharesListening() ? look & ~StateKind.LISTEN.bit() : look;
  }

  private boolean sharesListening() {
    return pool.settings().sharesListening() && !client.isGuest();
  }

  /** The current message, a simple query, is about to be sent. */
  void note(Server server, int look, MessageCursor cursor, ByteBuf view) {
    if (look != StatementLook.NOTHING) {
      int start = cursor.bodyStart();
      noteText(server, look, view, start, start + cursor.bodyAvailable());
    }
  }

  /**
   * The current message, a Parse, is about to be sent.
   *
   * @param kept whether what it leaves behind is noted with each Bind
   */
  void noteParsed(
      Server server, int look, boolean kept, MessageCursor cursor, ByteBuf view, RunWriter run) {
    int end = cursor.bodyStart() + cursor.bodyAvailable();
    int start = cursor.bodyStart() + CStrings.length(view, cursor.bodyStart(), end) + 1;
    prepareAgain(server, look, view, start, end, run);
    if (!kept) {
      noteText(server, look, view, start, end);
    }
  }

  /** A statement is about to be executed that was prepared before. */
  void noteBound(Server server, Statement statement, RunWriter run) {
    if (statement.look() != StatementLook.NOTHING) {
      ByteBuf view = Unpooled.wrappedBuffer(statement.body());
      int length = CStrings.length(view, 0, view.writerIndex());
      prepareAgain(server, statement.look(), view, 0, view.writerIndex(), run);
      noteText(server, statement.look(), view, 0, length);
    }
  }

  private void noteText(Server server, int look, ByteBuf view, int start, int end) {
    boolean listens = (look & StateKind.LISTEN.bit()) != 0;
    boolean unlistens = (look & StatementLook.UNLISTENS) != 0;
    if ((listens || (unlistens && listening != null)) && sharesListening()) {
      if (listens) {
        server.session().noteListenForAnother();
      }
      openListening().note(server, client.clients().hubs().text().read(view, start, end));
    }
    noteKinds(server, left(look));
  }

  private Listening openListening() {
    Listening mine = listening;
    if (mine == null) {
      Hub hub = client.clients().hubs().open(pool.database(), pool.user());
      mine = new Listening(client, hub, pool.settings().listenQueueBytes());
      hub.join(mine);
      listening = mine;
    }
    return mine;
  }

  /** A request is about to be sent. */
  void entered(byte type) {
    Listening mine = listening;
    if (mine != null) {
      mine.entered(type);
    }
  }

  /** Says whether the client's next message must wait for the end of a transaction. */
  boolean holdsBack(byte type) {
    Listening mine = listening;
    return mine != null && mine.holdsBack() && type != FrontendType.TERMINATE;
  }

  /**
   * Sends what the client has prepared in SQL, if the current message, a simple query, names it.
   *
   * @param look what the message leaves behind
   * @return true when the server has to answer before that, and nothing was done
   */
  boolean awaitsPrepared(
      Server server, int look, MessageCursor cursor, ByteBuf view, RunWriter run) {
    SqlStatements mine = sqlStatements(server, look);
    if (mine == null || server.isCopyIn() || server.requests().isSkippingToSync()) {
      return false;
    }
    if (server.requests().isStateOpen()) {
      return true;
    }
    int start = cursor.bodyStart();
    mine.before(server, look, view, start, start + cursor.bodyAvailable(), true, run);
    return false;
  }

  /** Says whether a Parse that names such a statement begins a group behind another one. */
  boolean awaitsGroup(Server server, int look) {
    RequestQueue requests = server.requests();
    return sqlStatements(server, look) != null
        && requests.isStateOpen()
        && !requests.lacksSync()
        && !server.isCopyIn();
  }

  /** The same for the text of a Parse or of what a Bind names, if that begins a group. */
  private void prepareAgain(
      Server server, int look, ByteBuf view, int start, int end, RunWriter run) {
    SqlStatements mine = sqlStatements(server, look);
    // In the middle of a group, a query of ours would end its transaction.
    RequestQueue requests = server.requests();
    if (mine == null || requests.isSkippingToSync()) {
      return;
    }
    if (requests.isStateOpen() || requests.lacksSync()) {
      mine.among(look, view, start, end);
    } else {
      mine.before(server, look, view, start, end, false, run);
    }
  }

  /** What the client has prepared in SQL; null where that is not kept, or not asked for. */
  private @Nullable SqlStatements sqlStatements(Server server, int look) {
    if ((look & SqlStatements.NAMES) == 0) {
      return null;
    }
    SqlStatements mine = sql;
    boolean prepares = (look & StateKind.PREPARED.bit()) != 0;
    ClientStatements budget = client.statements();
    boolean kept = prepares && pool.settings().cleansState() && !client.isGuest();
    if (mine == null && kept && budget != null) {
      mine = new SqlStatements(server, budget, client.clients().pools().statementNames());
      sql = mine;
    }
    return pool.settings().pinsState() ? null : mine;
  }

  /** The client has got a server. */
  void leased(Server server) {
    SqlStatements mine = sql;
    if (mine != null) {
      mine.leased(server);
    }
  }

  /** The client's server has answered everything. */
  void settled() {
    SqlStatements mine = sql;
    Server server = client.server();
    if (mine != null && server != null) {
      mine.settled(server);
    }
  }

  private void noteKinds(Server server, int look) {
    server.session().note(look);
    for (StateKind kind : StateKind.values()) {
      if ((look & kind.bit()) != 0) {
        pool.counters().sessionStates[kind.place()]++;
        warn(kind);
      }
    }
  }

  private void warn(StateKind kind) {
    if (pool.settings().warnsOfState() && !client.isGuest() && (warned & kind.bit()) == 0) {
      warned |= kind.bit();
      log.warn(
          "{} leaves session state behind: {} (session_state_policy)", client.name(), kind.word());
    }
  }

  /**
   * Writes a simple query that is sent in place of one that is refused: PostgreSQL itself then
   * fails at this very place, in whatever transaction it is.
   */
  void refuseQuery(ByteBuf out, int look) {
    FrontendWriter.query(
        out,
        "DO LANGUAGE plpgsql $sluice$BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = '"
            + refusal(look)
            + "'; END$sluice$");
  }

  /** The same for a Parse, which has to fail before it is executed. */
  void refuseParse(ByteBuf out, int look) {
    FrontendWriter.parse(out, "", "SELECT '" + refusal(look) + "'::pg_catalog.int4");
  }

  private static String refusal(int look) {
    return "session_state_policy = reject: session state is left behind by "
        + StateKind.statements(look);
  }
}
