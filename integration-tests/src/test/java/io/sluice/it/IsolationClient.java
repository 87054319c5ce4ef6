package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.closeStatement;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;

import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A client that leaves marks of its own wherever a session can have some, and looks for them. It is
 * one of many on a few servers; a mark that is not its own is a violation. Not thread-safe.
 */
final class IsolationClient implements Callable<Void> {
  private static final String[] ZONES = {"UTC", "Europe/Paris", "Asia/Tokyo", "America/Lima"};
  private static final int REMEMBERED = 25;

  /** Above the keys of transactions. */
  private static final int SESSION_LOCKS = 1 << 24;

  private static final String LOCKS =
      "SELECT coalesce(string_agg(objid::text, ','), '') FROM pg_locks"
          + " WHERE locktype = 'advisory' AND pid = pg_backend_pid()";

  private final SluiceProcess sluice;
  private final String database;
  private final String name;
  private final int number;
  private final boolean pinned;
  private final Random random;
  private final long deadlineNs;
  private final Deque<String> history = new ArrayDeque<>();
  private @Nullable WireClient wire;
  private String application = "";
  private String zone = "";
  private String statement = "";
  private String unnamed = "";
  private int marks;

  /**
   * A client of a number.
   *
   * @param pinned whether state binds it to its server, or is taken away
   * @param deadlineNs on the clock of {@link System#nanoTime()}
   */
  IsolationClient(
      SluiceProcess sluice,
      String database,
      int number,
      boolean pinned,
      long seed,
      long deadlineNs) {
    this.number = number;
    this.pinned = pinned;
    this.sluice = sluice;
    this.database = database;
    this.name = "client" + number;
    this.random = new Random(seed * 1000 + number);
    this.deadlineNs = deadlineNs;
  }

  /** Works until the time is over; a server or a login that is lost is none of its business. */
  @Override
  public Void call() throws IOException {
    while (System.nanoTime() < deadlineNs) {
      try {
        step();
      } catch (WireError e) {
        if (!e.isFatal()) {
          throw violation(e.text(), e);
        }
        drop();
      } catch (IOException e) {
        drop();
      }
    }
    drop();
    return null;
  }

  /** How many marks were left, so that a test knows that something happened. */
  int marks() {
    return marks;
  }

  private AssertionError violation(String what, @Nullable Throwable cause) {
    return new AssertionError(
        name + ": " + what + "\nafter " + String.join("\n  ", history), cause);
  }

  private void drop() throws IOException {
    WireClient gone = wire;
    wire = null;
    if (gone != null) {
      gone.abort();
    }
  }

  private WireClient wire() throws IOException {
    WireClient open = wire;
    if (open == null) {
      open = sluice.login("postgres", database);
      wire = open;
      application = "";
      zone = "";
      statement = "";
      unnamed = "";
      note("login");
    }
    return open;
  }

  private void note(String what) {
    history.add(what);
    if (history.size() > REMEMBERED) {
      history.remove();
    }
  }

  private String mark() {
    marks++;
    return name + "-" + marks;
  }

  private void step() throws IOException {
    switch (random.nextInt(16)) {
      case 0 -> setApplication();
      case 1, 2 -> lookAtApplication();
      case 3 -> setZone();
      case 4 -> lookAtZone();
      case 5 -> prepare();
      case 6, 7 -> useStatement();
      case 8 -> prepareUnnamed();
      case 9 -> useUnnamed();
      case 10, 11 -> transact();
      case 12 -> cancelOwnQuery();
      case 13 -> leaveTable();
      case 14 -> leaveLock();
      default -> leave();
    }
  }

  private String ask(String sql) throws IOException {
    note(sql);
    return String.valueOf(wire().query(sql).value());
  }

  private void same(String what, String expected, String seen) {
    if (!seen.equals(expected)) {
      throw violation(what + " is " + seen + " and not " + expected, null);
    }
  }

  // ---- parameters that follow the client

  private void setApplication() throws IOException {
    wire();
    String mark = mark();
    if (random.nextBoolean()) {
      note("SET application_name " + mark);
      wire().query("SET application_name = '" + mark + "'");
    } else {
      same("set_config", mark, ask("SELECT set_config('application_name', '" + mark + "', false)"));
    }
    application = mark;
  }

  private void lookAtApplication() throws IOException {
    wire();
    same("application_name", application, ask("SHOW application_name"));
  }

  private void setZone() throws IOException {
    wire();
    String chosen = ZONES[random.nextInt(ZONES.length)];
    note("SET TimeZone " + chosen);
    wire().query("SET TimeZone = '" + chosen + "'");
    zone = chosen;
  }

  private void lookAtZone() throws IOException {
    wire();
    if (!zone.isEmpty()) {
      same("TimeZone", zone, ask("SHOW TimeZone"));
    }
  }

  // ---- statements

  private void prepare() throws IOException {
    wire();
    String mark = mark();
    note("Parse s " + mark);
    wire().send(closeStatement("s"), parse("s", "SELECT '" + mark + "'"), sync());
    wire().readResult();
    statement = mark;
  }

  private void useStatement() throws IOException {
    wire();
    if (!statement.isEmpty()) {
      note("Bind s");
      wire().send(bind("", "s"), execute("", 0), sync());
      same("statement s", statement, String.valueOf(wire().readResult().value()));
    }
  }

  private void prepareUnnamed() throws IOException {
    wire();
    String mark = mark();
    note("Parse without a name " + mark);
    wire().send(parse("", "SELECT '" + mark + "'"), sync());
    wire().readResult();
    unnamed = mark;
    if (random.nextBoolean()) {
      useUnnamed();
    }
  }

  /** A simple query drops the unnamed statement; without one between it must be there. */
  private void useUnnamed() throws IOException {
    wire();
    boolean kept =
        !unnamed.isEmpty() && history.getLast().equals("Parse without a name " + unnamed);
    note("Bind without a name");
    wire().send(bind("", ""), execute("", 0), sync());
    try {
      String seen = String.valueOf(wire().readResult().value());
      same("the unnamed statement", unnamed, seen);
    } catch (WireError e) {
      if (kept || !e.sqlState().equals("26000")) {
        throw e;
      }
    }
  }

  // ---- what a session would keep

  /** One that another client has left would have the statement fail. */
  private void leaveTable() throws IOException {
    wire();
    String mark = mark();
    note("CREATE TEMP TABLE " + mark);
    wire().query("CREATE TEMP TABLE left_here AS SELECT '" + mark + "' AS mark");
    if (pinned) {
      same("a temporary table of the session", mark, ask("SELECT mark FROM left_here"));
      note("DROP TABLE, DISCARD ALL");
      wire().query("DROP TABLE left_here");
      wire().query("DISCARD ALL");
      drop();
    } else {
      same("a temporary table", "t", ask("SELECT to_regclass('left_here') IS NULL"));
    }
  }

  private void leaveLock() throws IOException {
    wire();
    String key = Integer.toString(SESSION_LOCKS + number);
    mark();
    ask("SELECT pg_advisory_lock(" + key + ")");
    if (pinned) {
      same("locks of the session", key, ask(LOCKS));
      same("the unlock", "t", ask("SELECT pg_advisory_unlock(" + key + ")"));
    }
    same("locks of the session", "", ask(LOCKS));
  }

  // ---- transactions

  private void transact() throws IOException {
    wire();
    String mark = mark();
    int key = random.nextInt(1 << 20);
    same("advisory locks before a transaction", "", ask(LOCKS));
    String before = "SELECT coalesce(current_setting('sluice.mark', true), '')";
    same("a local parameter before a transaction", "", ask(before));
    note("BEGIN");
    wire().query("BEGIN");
    String pid = ask("SELECT pg_backend_pid()");
    wire().query("SET LOCAL sluice.mark = '" + mark + "'");
    wire().query("SELECT pg_advisory_xact_lock(" + key + ")");
    wire().query("CREATE TEMP TABLE mine ON COMMIT DROP AS SELECT '" + mark + "' AS mark");
    for (int i = random.nextInt(4); i >= 0; i--) {
      same("the backend", pid, ask("SELECT pg_backend_pid()"));
      same("a local parameter", mark, ask("SHOW sluice.mark"));
      same("advisory locks", Integer.toString(key), ask(LOCKS));
      same("a temporary table", mark, ask("SELECT mark FROM mine"));
      useStatement();
    }
    String end = random.nextBoolean() ? "COMMIT" : "ROLLBACK";
    note(end);
    wire().query(end);
  }

  // ---- ends

  /** Only its own query may be cancelled; every other client takes 57014 for a violation. */
  private void cancelOwnQuery() throws IOException {
    WireClient open = wire();
    note("cancel");
    open.send(query("SELECT pg_sleep(0.02)"));
    try {
      open.cancel();
      open.readResult();
    } catch (WireError e) {
      if (!e.sqlState().equals("57014")) {
        throw e;
      }
    }
  }

  private void leave() throws IOException {
    WireClient open = wire();
    switch (random.nextInt(8)) {
      case 0 -> {
        open.send(query("BEGIN; SET LOCAL sluice.mark = 'left'; SELECT pg_sleep(0.01)"));
        drop();
      }
      case 1 -> {
        open.send(query("SET application_name = 'left'"));
        drop();
      }
      case 2 -> drop();
      default -> {}
    }
  }
}
