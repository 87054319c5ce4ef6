package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.pool.PoolKey;
import io.sluice.proxy.pool.PoolUse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secrets of users who are in no user list, before a PostgreSQL that says what we want. */
class AuthQueryTest {
  private static final String SQL = "SELECT name, secret FROM users WHERE name = $1";

  private static RunningProxy proxy(String... more) throws IOException {
    String[] settings = new String[more.length + 3];
    settings[0] = "auth_type = plain";
    settings[1] = "auth_user = asker";
    settings[2] = "auth_query = " + SQL;
    System.arraycopy(more, 0, settings, 3, more.length);
    return new RunningProxy(settings);
  }

  private static Peer start(RunningProxy proxy, String user, String... more) throws IOException {
    String[] parameters = new String[more.length + 4];
    System.arraycopy(new String[] {"user", user, "database", "own"}, 0, parameters, 0, 4);
    System.arraycopy(more, 0, parameters, 4, more.length);
    Peer client = proxy.connect();
    client.send(Wire.startup(parameters));
    return client;
  }

  /** The server in which the query runs, logged in; returns the parameters of its login. */
  private static String login(Peer server) throws IOException {
    byte[] packet = server.readPacket();
    server.send(FakePostgres.welcome());
    return new String(packet, 4, packet.length - 4, StandardCharsets.UTF_8).replace('\0', '|');
  }

  private static byte[] described(int columns) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(2).putShort((short) columns).array());
    for (int i = 0; i < columns; i++) {
      body.writeBytes(Wire.cstr("c" + i));
      body.writeBytes(new byte[18]);
    }
    return Wire.join(Wire.message('1'), Wire.message('2'), Wire.message('T', body.toByteArray()));
  }

  private static byte[] row(@Nullable String... values) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(2).putShort((short) values.length).array());
    for (String value : values) {
      byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
      int length = value == null ? -1 : bytes.length;
      body.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
      body.writeBytes(bytes);
    }
    return Wire.message('D', body.toByteArray());
  }

  private static byte[] end() {
    return Wire.join(Wire.complete("SELECT 1"), Wire.ready('I'));
  }

  private static void answer(Peer server, @Nullable String... values) throws IOException {
    server.readTo('S');
    server.send(described(2), row(values), end());
  }

  private static String error(Peer client) throws IOException {
    List<Peer.Message> all = client.readToEnd();
    String text = all.isEmpty() ? "" : all.get(all.size() - 1).text();
    int message = text.indexOf("\0M");
    return message < 0 ? text : text.substring(message + 2, text.indexOf('\0', message + 2));
  }

  private static void await(String what, Supplier<Boolean> condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.get()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void letsTheUserInWhoseSecretTheQueryReturns() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      assertThat(login(server)).contains("user|asker|").contains("database|own|");
      answer(server, "stranger", "secret");

      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
      client.send(Wire.password("secret"));
      try (Peer own = proxy.postgres().accept()) {
        assertThat(login(own)).contains("user|stranger|");
        assertThat(client.typesTo('Z')).startsWith("R").endsWith("Z");
      }
    }
  }

  @Test
  void usesTheSecretForTheServersOfTheUser() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, "stranger", "secret");
      client.read();
      client.send(Wire.password("secret"));

      try (Peer own = proxy.postgres().accept()) {
        own.readPacket();
        own.send(Wire.message('R', new byte[] {0, 0, 0, 3}));
        assertThat(own.read().text()).isEqualTo("secret\0");
      }
    }
  }

  /** What CVE-2025-12819 was: a search_path from the StartupMessage on the query's connection. */
  @ParameterizedTest
  @ValueSource(strings = {"-c search_path=evil", "-c DateStyle=evil -c TimeZone=evil"})
  void sendsNothingOfTheClientsButItsName(String options) throws IOException {
    String tracked = "track_extra_parameters = search_path";
    try (RunningProxy proxy = proxy(tracked);
        Peer client = start(proxy, "x'; drop table users", "options", options);
        Peer server = proxy.postgres().accept()) {
      String startup = login(server);
      List<Peer.Message> messages = server.readTo('S');
      server.send(described(2), end());

      assertThat(startup).doesNotContain("evil").doesNotContain("options");
      assertThat(Peer.types(messages)).isEqualTo("PBDES");
      assertThat(messages.get(0).text()).isEqualTo("\0" + SQL + "\0\0\0");
      assertThat(messages.get(1).text()).isEqualTo("\0\0\0\0\0\1\0\0\0\24x'; drop table users\0\0");
      assertThat(client.read().type()).isEqualTo('R');
    }
  }

  @Test
  void playsTheWholeExchangeWithUnknownNames() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "nobody");
        Peer server = proxy.postgres().accept()) {
      login(server);
      server.readTo('S');
      server.send(described(2), end());

      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
      client.send(Wire.password("secret"));
      assertThat(error(client)).isEqualTo("password authentication failed");
    }
  }

  @Test
  void matchesNothingWithANullSecret() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "expired");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, "expired", null);

      client.read();
      client.send(Wire.password("null"));
      assertThat(error(client)).isEqualTo("password authentication failed");
    }
  }

  @Test
  void continuesWithTheNameThatWasReturned() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "ALICE");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, "alice", "secret");
      client.read();
      client.send(Wire.password("secret"));

      try (Peer own = proxy.postgres().accept()) {
        assertThat(login(own)).contains("user|alice|");
        client.readTo('Z');
        assertThat(proxy.onLoop(() -> proxy.proxy().pools().catalog().users().stream().toList()))
            .extracting(Object::toString)
            .contains("alice")
            .doesNotContain("ALICE");
      }
    }
  }

  @Test
  void refusesAQueryWithoutTwoColumnsAndKeepsTheServer() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer first = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      server.readTo('S');
      server.send(described(1), row("stranger"), end());
      assertThat(error(first)).isEqualTo("bouncer config error");

      try (Peer second = start(proxy, "stranger")) {
        answer(server, "stranger", "secret");
        assertThat(second.read().type()).isEqualTo('R');
      }
    }
  }

  @Test
  void tellsNobodyWhyTheQueryFails() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      server.readTo('S');
      server.send(Wire.error("42P01", "relation \"users\" does not exist"), Wire.ready('I'));

      assertThat(error(client)).isEqualTo("bouncer config error");
    }
  }

  @Test
  void refusesANameThatIsNull() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, null, "secret");

      assertThat(error(client)).isEqualTo("bouncer config error");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "44 00000002",
        "44 0000000A 0001 0000FFFF",
        "54 00000004",
        "48 00000005 00",
        "5A 00000005 58"
      })
  void endsAServerThatAnswersNonsense(String hex) throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      server.readTo('S');
      server.send(java.util.HexFormat.of().parseHex(hex.replace(" ", "")));

      assertThat(error(client)).isEqualTo("bouncer config error");
      server.awaitEnd();
    }
  }

  @Test
  void endsAServerThatSendsRowsWithoutEnd() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      server.readTo('S');
      server.send(described(2));
      for (int i = 0; i < 1001; i++) {
        server.send(row("a", "b"));
      }

      assertThat(error(client)).isEqualTo("bouncer config error");
    }
  }

  @Test
  void turnsTheClientAwayWhenTheServerIsLost() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = start(proxy, "stranger")) {
      try (Peer server = proxy.postgres().accept()) {
        login(server);
        server.readTo('S');
      }
      assertThat(error(client)).isEqualTo("bouncer config error");
    }
  }

  @Test
  void keepsTheServerWhenTheClientLeaves() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer server = abandoned(proxy)) {
      server.send(described(2), row("stranger", "secret"), end());

      try (Peer next = start(proxy, "next")) {
        answer(server, "next", "secret");
        assertThat(next.read().type()).isEqualTo('R');
      }
    }
  }

  private static Peer abandoned(RunningProxy proxy) throws IOException {
    try (Peer client = start(proxy, "stranger")) {
      Peer server = proxy.postgres().accept();
      login(server);
      server.readTo('S');
      client.reset();
      await("the client has gone", () -> proxy.onLoop(() -> proxy.proxy().clients().count() == 0));
      return server;
    }
  }

  @Test
  void takesAPasswordThatCameBeforeTheQuestion() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = proxy.connect()) {
      client.send(Wire.startup("user", "stranger", "database", "own"), Wire.password("secret"));
      try (Peer server = proxy.postgres().accept()) {
        login(server);
        answer(server, "stranger", "secret");
        try (Peer own = proxy.postgres().accept()) {
          login(own);
          assertThat(client.typesTo('Z')).startsWith("RR");
        }
      }
    }
  }

  @Test
  void asksOnceWhileTheAnswerIsKept() throws IOException {
    try (RunningProxy proxy = proxy("auth_query_cache_ttl = 60");
        Peer first = start(proxy, "stranger");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, "stranger", "secret");
      first.read();
      try (Peer second = start(proxy, "stranger")) {
        assertThat(second.read().type()).isEqualTo('R');
      }

      try (Peer nobody = start(proxy, "nobody")) {
        server.readTo('S');
        server.send(described(2), end());
        nobody.read();
      }
      try (Peer nobody = start(proxy, "nobody")) {
        assertThat(nobody.read().type()).isEqualTo('R');
      }
      CompletableFuture<Boolean> reloaded = new CompletableFuture<>();
      proxy.proxy().reload(failure -> reloaded.complete(failure == null));
      assertThat(reloaded.join()).isTrue();
      try (Peer third = start(proxy, "stranger")) {
        answer(server, "stranger", "changed");
        assertThat(third.read().type()).isEqualTo('R');
      }
    }
  }

  @Test
  void runsInAPoolOfItsOwn() throws IOException {
    try (RunningProxy proxy = proxy("pool_mode = session");
        Peer first = start(proxy, "asker");
        Peer server = proxy.postgres().accept()) {
      login(server);
      answer(server, "asker", "secret");
      first.read();
      first.send(Wire.password("secret"));
      try (Peer own = proxy.postgres().accept();
          Peer second = start(proxy, "stranger")) {
        login(own);
        first.readTo('Z');
        first.send(Wire.query("SET search_path = evil"));
        own.read();

        answer(server, "stranger", "secret");

        assertThat(second.read().type()).isEqualTo('R');
        assertThat(
                proxy.onLoop(
                    () ->
                        proxy.proxy().pools().find(new PoolKey("own", "asker", PoolUse.LOOKUPS))
                            != null))
            .isTrue();
      }
    }
  }

  @Test
  void asksNothingForADatabaseThatDoesNotExist() throws IOException {
    try (RunningProxy proxy = proxy();
        Peer client = proxy.connect()) {
      client.send(Wire.startup("user", "stranger", "database", "nowhere"));
      assertThat(client.read().text()).isEqualTo("\0\0\0\3");
      client.send(Wire.password("secret"));
      assertThat(error(client)).isEqualTo("password authentication failed");
    }
  }
}
