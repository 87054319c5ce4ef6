package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.cancelRequest;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.startup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code session_login = early}: everything as on a direct connection. */
@ExtendWith(PostgresExtension.class)
class SessionLoginIT {
  private EmbeddedPostgres postgres;
  private TestDatabase database;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceProcess start(int poolSize) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", "session")
            .set("session_login", "early")
            .set("default_pool_size", poolSize));
  }

  private WireLogin login() {
    return WireLogin.of("postgres", database.name());
  }

  @Test
  void tellsTheSameAsPostgresql() throws Exception {
    postgres.query(
        database.name(),
        "CREATE FUNCTION hello() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " $$BEGIN RAISE NOTICE 'hello'; END$$;"
            + "CREATE EVENT TRIGGER greet ON login EXECUTE FUNCTION hello()");
    WireLogin login =
        login()
            .with("DateStyle", "German")
            .with("IntervalStyle", "iso_8601")
            .with("geqo", "off")
            .with(
                "options", "-c search_path=a,b -c extra.words=one\\ two --statement-timeout=4711 ")
            .with("application_name", "näme");

    try (SluiceProcess sluice = start(2)) {
      List<String> direct = transcript(postgres.tcp(), login);
      List<String> pooled = transcript(sluice.tcp(), login);

      assertThat(pooled).isEqualTo(direct).anyMatch(line -> line.contains("hello"));
      try (WireClient client = WireClient.login(sluice.tcp(), login)) {
        assertThat(client.query("SHOW geqo").value()).isEqualTo("off");
        assertThat(client.query("SHOW search_path").value()).isEqualTo("a,b");
        assertThat(client.query("SHOW extra.words").value()).isEqualTo("one two");
        assertThat(client.query("SHOW statement_timeout").value()).isEqualTo("4711ms");
        assertThat(client.query("SHOW application_name").value()).isEqualTo("n\\xc3\\xa4me");
      }
    }
  }

  /** Everything but the key. */
  private static List<String> transcript(WireAddress address, WireLogin login) throws Exception {
    try (WireClient client = WireClient.connect(address)) {
      return client.login(login).stream()
          .map(message -> message.type() == 'K' ? "K" : message.toString())
          .toList();
    }
  }

  @Test
  void refusesAsPostgresqlDoes() throws Exception {
    List<WireLogin> broken =
        List.of(
            login().with("no_such_parameter", "1"),
            login().with("options", "-c geqo=perhaps"),
            login().with("options", "--nonsense"),
            login().with("DateStyle", "backwards"),
            WireLogin.of("postgres", "no_such_database"));
    try (SluiceProcess sluice = start(2)) {
      for (WireLogin login : broken) {
        String direct = refusal(postgres.tcp(), login);

        assertThat(refusal(sluice.tcp(), login)).describedAs("%s", login).isEqualTo(direct);
      }
    }
  }

  /** The last message, an error with all its fields. */
  private static String refusal(WireAddress address, WireLogin login) throws Exception {
    try (WireClient client = WireClient.connect(address)) {
      client.send(startup(login.protocol(), login.parameters()));
      List<WireMessage> seen = client.expectClosed();
      WireMessage last = seen.get(seen.size() - 1);
      assertThat(last.type()).isEqualTo('E');
      return last.toString();
    }
  }

  @Test
  void tellsThePidOfPostgresql() throws Exception {
    try (SluiceProcess sluice = start(2);
        WireClient client = WireClient.login(sluice.tcp(), login());
        WireClient other = WireClient.login(sluice.tcp(), login())) {
      assertThat(client.query("SELECT pg_backend_pid()").number()).isEqualTo(client.processId());

      client.send(query("SELECT pg_sleep(600)"));
      database.awaitRunning("SELECT pg_sleep(600)", 1);
      assertThat(other.query("SELECT pg_terminate_backend(" + client.processId() + ")").value())
          .isEqualTo("t");

      List<WireMessage> last = client.expectClosed();
      assertThat(last.stream().map(WireMessage::type)).containsExactly('T', 'E');
      assertThat(last.get(1).fields()).containsEntry('C', "57P01");
    }
  }

  @Test
  void cancelsByItsOwnKeyOnly() throws Exception {
    try (SluiceProcess sluice = start(2);
        WireClient client = WireClient.login(sluice.tcp(), login());
        WireClient other = WireClient.login(sluice.tcp(), login())) {
      client.send(query("SELECT pg_sleep(600)"));
      database.awaitRunning("SELECT pg_sleep(600)", 1);

      other.cancel();
      try (WireClient stranger = WireClient.connect(sluice.tcp())) {
        stranger.send(cancelRequest(client.processId(), other.secretKey()));
        assertThat(stranger.expectClosed()).isEmpty();
      }
      assertThat(database.connections("query = 'SELECT pg_sleep(600)'")).isEqualTo(1);
      client.cancel();

      assertThatThrownBy(client::readResult)
          .isInstanceOfSatisfying(
              WireError.class, error -> assertThat(error.sqlState()).isEqualTo("57014"));
    }
  }

  @Test
  void givesEachClientASessionOfItsOwn() throws Exception {
    try (SluiceProcess sluice = start(1)) {
      int before;
      try (WireClient client = WireClient.login(sluice.tcp(), login())) {
        client.query("CREATE TEMP TABLE mine (); BEGIN; SELECT pg_advisory_lock(1)");
        before = client.processId();
      }
      try (WireClient client = WireClient.login(sluice.tcp(), login())) {
        assertThat(client.processId()).isNotEqualTo(before);
        assertThat(client.query("SELECT pg_try_advisory_lock(1)").value()).isEqualTo("t");
        assertThat(client.query("SELECT to_regclass('pg_temp.mine')").rows())
            .containsExactly(java.util.Collections.singletonList(null));
        assertThat(database.connections()).isEqualTo(1);
      }
      database.awaitConnections(0);
    }
  }

  @Test
  void waitsForAPlaceInThePool() throws Exception {
    try (SluiceProcess sluice = start(1);
        WireClient waiter = WireClient.connect(sluice.tcp());
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      try (WireClient client = WireClient.login(sluice.tcp(), login())) {
        waiter.send(startup(WireLogin.PROTOCOL_3_0, login().parameters()));
        pools.await("cl_waiting", 1);
        assertThat(client.query("SELECT 1").number()).isEqualTo(1);
      }

      waiter.readUntil('Z');
      assertThat(waiter.query("SELECT 2").number()).isEqualTo(2);
      pools.await("cl_waiting", 0);
    }
  }
}
