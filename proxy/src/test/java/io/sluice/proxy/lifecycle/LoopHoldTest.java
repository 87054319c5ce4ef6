package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TurnProbe;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What costs most of all that clients can send in each state: none of it keeps the loop from its
 * other connections for 100 ms.
 */
class LoopHoldTest {
  /** More than one turn reads of a connection. */
  private static final int MANY_BYTES = 192 << 10;

  /** The longest packet before a login. */
  private static final int PACKET_BYTES = 64 << 10;

  @TempDir private Path directory;
  private SelfRunningPostgres postgres;
  private TestProxy proxy;

  @BeforeEach
  void start() throws IOException {
    postgres = SelfRunningPostgres.start();
    String databases = "db = host=127.0.0.1 port=" + postgres.port();
    proxy =
        TestProxy.start(
            directory,
            databases,
            """
            workers = 1
            admin_users = alice
            default_pool_size = 2
            server_login_retry = 0
            log_connections = 0
            log_disconnections = 0
            log_pooler_errors = 0
            """);
    RunningProxy.openConsole(proxy.proxy());
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    postgres.close();
  }

  // ---- measuring

  private void assertHoldsNobody(String what, TurnProbe.Deed deed) throws IOException {
    TurnProbe.assertHoldsNobody(proxy.proxy().pools().loop(), what, deed);
  }

  private Peer login(String user, String database) throws IOException {
    Peer client = Peer.connect(proxy.port());
    client.send(Wire.startup("user", user, "database", database));
    client.readTo('Z');
    return client;
  }

  /** Sends, and waits for the end that Terminate brings if nothing else does. */
  private static void sendAll(Peer client, byte[] input) throws IOException {
    Thread reader = new Thread(() -> readAll(client), "reader");
    reader.start();
    try {
      client.send(input, Wire.message('X'));
    } catch (SocketException refused) {
      // It was enough.
      assertThat(client.socket().isClosed()).isFalse();
    }
    try {
      reader.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readAll(Peer client) {
    try {
      client.drain();
    } catch (IOException late) {
      throw new IllegalStateException(late);
    }
  }

  private static String repeat(String unit, int bytes) {
    return unit.repeat(Math.max(1, bytes / unit.length()));
  }

  private static byte[] startup(byte[] parameters) {
    return Wire.join(
        ByteBuffer.allocate(8).putInt(9 + parameters.length).putInt(196_608).array(),
        parameters,
        new byte[1]);
  }

  private void assertStartupHoldsNobody(String what, byte[] parameters) throws IOException {
    byte[] packet = startup(parameters);
    assertHoldsNobody(
        what,
        () -> {
          try (Peer client = Peer.connect(proxy.port())) {
            sendAll(client, packet);
          }
        });
  }

  // ---- before a login

  @Test
  void parametersOfAStart() throws IOException {
    int room = PACKET_BYTES - 100;
    byte[] login = Wire.join(Wire.cstr("user"), Wire.cstr("alice"), Wire.cstr("database"));
    byte[] known = Wire.join(login, Wire.cstr("db"));
    assertStartupHoldsNobody("short names", Wire.fill(room, i -> Wire.cstr("p\0")));
    assertStartupHoldsNobody("own names", Wire.fill(room, i -> Wire.cstr("p" + i + "\0v")));
    assertStartupHoldsNobody("new options", Wire.fill(room, i -> Wire.cstr("_pq_.o" + i + "\0v")));
    assertStartupHoldsNobody("one name", Wire.cstr(repeat("n", room) + "\0v"));
    assertStartupHoldsNobody("users", Wire.fill(room, i -> Wire.cstr("user\0u" + i)));
    assertStartupHoldsNobody("a user", Wire.cstr("user\0" + repeat("u", room)));
    assertStartupHoldsNobody("a database", Wire.join(login, Wire.cstr(repeat("d", room))));
    for (String unit : new String[] {"-c a=b ", "-c TimeZone=UTC ", "\\ ", "-", "--a=", " "}) {
      byte[] options = Wire.cstr("options\0" + repeat(unit, room));
      assertStartupHoldsNobody("options " + unit, Wire.join(known, options));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "md5", "scram-sha-256"})
  void answersToAQuestion(String method) throws IOException {
    String database = "db = host=127.0.0.1 port=" + postgres.port();
    String failure = proxy.reload(database, settings(method));
    assertThat(failure).isNull();
    int room = PACKET_BYTES - 100;
    for (String unit : new String[] {"a", "=2C", ",", "n,,n=,r=", "a=b,", "c=biws,r=x,p=", "\0"}) {
      byte[] text = repeat(unit, room).getBytes(StandardCharsets.UTF_8);
      byte[] first =
          Wire.join(
              Wire.cstr("SCRAM-SHA-256"), ByteBuffer.allocate(4).putInt(text.length).array(), text);
      for (byte[] body : new byte[][] {text, first}) {
        assertHoldsNobody(
            method + " " + unit,
            () -> {
              try (Peer client = Peer.connect(proxy.port())) {
                client.send(Wire.startup("user", "alice", "database", "db"));
                client.read();
                sendAll(client, Wire.message('p', body));
              }
            });
      }
    }
  }

  private static String settings(String method) {
    return "auth_type = " + method + "\nlogin_failure_delay = 0\nlog_disconnections = 0";
  }

  // ---- queries

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/*",
        "/**/",
        "*/",
        "$$",
        "$a$",
        "$a",
        "'",
        "e'\\",
        "\"",
        ";",
        "--\n",
        " ",
        "é",
        "(",
        "select ",
        "set a=b;",
        "set application_name='b';",
        "prepare a as select 1;",
        "deallocate a;",
        "execute a;",
        "declare c cursor with hold for select 1;",
        "listen a;",
        "load 'x';",
        "create temp table a();",
        "select pg_advisory_lock(1);",
        "reset all;",
        "discard all;"
      })
  void textsOfQueries(String unit) throws IOException {
    for (int bytes : new int[] {8000, 100_000}) {
      String text = repeat(unit, bytes);
      byte[] queries = Wire.fill(MANY_BYTES, i -> Wire.query(text));
      assertHoldsNobody("queries of " + bytes + " with " + unit, () -> sends(queries));
      byte[] groups = Wire.fill(MANY_BYTES, i -> Wire.join(Wire.parse("", text), Wire.sync()));
      assertHoldsNobody("groups of " + bytes + " with " + unit, () -> sends(groups));
    }
  }

  private void sends(byte[] input) throws IOException {
    try (Peer client = login("alice", "db")) {
      sendAll(client, input);
    }
  }

  @Test
  void shortMessages() throws IOException {
    messages("empty queries", i -> Wire.query(""));
    messages("queries", i -> Wire.query("select 1"));
    messages("parameters", i -> Wire.query("set application_name='a" + i + "'"));
    messages("statements", i -> Wire.query("prepare a" + i + " as select 1"));
    messages("channels", i -> Wire.query("listen a" + i));
    messages("Sync", i -> Wire.sync());
    messages("Flush", i -> Wire.flush());
    messages("Close", i -> Wire.close("s" + i));
    messages("Describe", i -> Wire.describe("s" + i));
    messages("Bind", i -> Wire.bind("s" + i));
    messages("Execute", i -> Wire.execute());
    messages("Parse", i -> Wire.parse("s" + i, "select " + i));
    messages("Parse of PREPARE", i -> Wire.parse("s" + i, "prepare a" + i + " as select 1"));
    messages("unnamed PREPARE", i -> Wire.parse("", "prepare a" + i + " as select 1"));
    messages("equal Parse", i -> Wire.parse("s" + i, "select 1"));
    messages("Parse and Close", i -> Wire.join(Wire.parse("s", "select " + i), Wire.close("s")));
    messages("groups", i -> Wire.join(Wire.parse("s" + i, "select " + i), Wire.sync()));
    messages("CopyData", i -> Wire.message('d'));
    messages("CopyDone", i -> Wire.message('c'));
    messages("FunctionCall", i -> Wire.message('F', new byte[10]));
    messages("unknown", i -> Wire.message('y'));
  }

  private void messages(String what, IntFunction<byte[]> message) throws IOException {
    byte[] input = Wire.fill(MANY_BYTES, message);
    assertHoldsNobody(what, () -> sends(input));
  }

  // ---- the console

  @Test
  void commandsOfTheConsole() throws IOException {
    for (String command :
        new String[] {
          "show config",
          "show help",
          "show stats",
          "show prepared",
          "show mem",
          "set x = 'y'",
          ";",
          "'",
          "\"",
          "--\n",
          "nonsense",
          "show lists;",
          "set application_name = 'x'"
        }) {
      byte[] many = Wire.fill(MANY_BYTES / 4, i -> Wire.query(command));
      assertHoldsNobody("commands " + command, () -> commands(many));
      byte[] one = Wire.query(repeat(command + " ", 60_000));
      assertHoldsNobody("one command " + command, () -> commands(one));
    }
  }

  private void commands(byte[] input) throws IOException {
    try (Peer client = login("alice", "pgbouncer")) {
      sendAll(client, input);
    }
  }
}
