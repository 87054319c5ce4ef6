package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.copyData;
import static io.sluice.demo.wire.FrontendMessages.copyDone;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.flush;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static io.sluice.demo.wire.FrontendMessages.terminate;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that vanishes in the middle of something costs a ROLLBACK, and not the server. */
@ExtendWith(PostgresExtension.class)
class RescueIT {
  private static final String PID = "SELECT pg_backend_pid()";
  private static final String INSERT = "INSERT INTO t VALUES (1)";
  private static final String COPY = "COPY t FROM STDIN";

  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
    postgres.query(database.name(), "CREATE TABLE t (n int)");
  }

  private SluiceProcess start(String mode, int cancels) throws Exception {
    return SluiceProcess.start(
        SluiceConfig.before(postgres)
            .set("pool_mode", mode)
            .set("default_pool_size", 1)
            .set("cancel_on_disconnect", cancels));
  }

  private WireClient login(SluiceProcess sluice) throws IOException {
    return sluice.login("postgres", database.name());
  }

  /** Sends, waits until PostgreSQL has it, and is gone. */
  private void vanish(WireClient client, String last, byte[]... messages) throws Exception {
    client.send(messages);
    String condition = "query LIKE '" + last + "%'";
    Eventually.await(condition, () -> database.connections(condition) == 1);
    client.abort();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] unnamed(String sql) {
    return join(parse("", sql), bind("", ""), execute("", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "session"})
  void whateverItWasDoingTheServerIsTheNextOnesAndNothingIsDone(String mode) throws Exception {
    try (SluiceProcess sluice = start(mode, 0)) {
      String pid;
      try (WireClient first = login(sluice)) {
        pid = first.query(PID).value();
      }
      byte[] begin = query("BEGIN");
      byte[] failing = query("SELECT 1/0");
      byte[][] scenes = {
        begin,
        join(begin, query(INSERT)),
        join(begin, query(INSERT), failing),
        join(unnamed(INSERT), flush()),
        unnamed(INSERT),
        join(unnamed(INSERT), unnamed("SELECT 1/0"), flush()),
        join(unnamed(INSERT), unnamed("SELECT 1/0"), unnamed(INSERT)),
        join(unnamed("BEGIN"), sync(), unnamed(INSERT), sync(), unnamed(INSERT)),
        query(COPY),
        join(query(COPY), copyData("1\n2\n")),
        join(query(COPY + "; " + COPY), copyData("1\n"), copyDone(), copyData("2\n")),
        join(unnamed(COPY), flush(), copyData("1\n")),
        join(unnamed(COPY), sync(), copyData("1\n")),
        join(begin, unnamed(COPY), sync(), copyData("1\n")),
        join(begin, query("SELECT pg_sleep(0.2)")),
        join(begin, query("DECLARE c CURSOR FOR SELECT 1"), query("FETCH c")),
        join(begin, query("SET LOCAL work_mem = '1MB'"), query("SAVEPOINT s")),
      };
      for (int i = 0; i < scenes.length; i++) {
        try (WireClient client = login(sluice);
            WireClient next = login(sluice)) {
          client.send(scenes[i]);
          if (i % 2 == 0) {
            client.abort();
          } else {
            client.send(terminate());
          }
          assertThat(next.query(PID).value()).describedAs("scene %d", i).isEqualTo(pid);
          assertThat(next.query("SELECT count(*) FROM t").number())
              .describedAs("scene %d", i)
              .isZero();
          assertThat(next.query("SHOW work_mem").value()).isEqualTo("4MB");
          assertThat(next.transactionStatus()).isEqualTo('I');
        }
      }
      assertThat(sluice.log().matching("while server was not ready")).isEmpty();
    }
  }

  @Test
  void aQueryThatGoesOnIsWaitedForAWhileThenTheServerIsClosed() throws Exception {
    try (SluiceProcess sluice = start("transaction", 0);
        WireClient client = login(sluice)) {
      vanish(client, "SELECT pg_sleep", query("SELECT pg_sleep(60)"));
      sluice.log().await("closing because: client disconnect while server was not ready");
      try (WireClient next = login(sluice)) {
        assertThat(next.query("SELECT 7").number()).isEqualTo(7);
      }
      postgres.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sl%'");
    }
  }

  @Test
  void moreThanTheRestOfAnAnswerIsNotTakenIn() throws Exception {
    try (SluiceProcess sluice = start("transaction", 0);
        WireClient client = login(sluice)) {
      vanish(
          client,
          "SELECT repeat",
          query("SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"));
      sluice.log().await("closing because: client disconnect while server was not ready");
      try (WireClient next = login(sluice)) {
        assertThat(next.query("SELECT 7").number()).isEqualTo(7);
      }
    }
  }

  @Test
  void cancelOnDisconnectEndsTheQueryAndKeepsTheServer() throws Exception {
    try (SluiceProcess sluice = start("transaction", 1);
        WireClient next = login(sluice)) {
      String pid = next.query(PID).value();
      WireClient client = login(sluice);
      vanish(client, "SELECT pg_sleep", query("BEGIN"), query("SELECT pg_sleep(600)"));
      assertThat(next.query(PID).value()).isEqualTo(pid);
      assertThat(database.connections("state = 'active'")).isZero();
    }
  }

  @Test
  void cancelOnDisconnectNeverHitsTheNextClient() throws Exception {
    try (SluiceProcess sluice = start("transaction", 1);
        WireClient bystander = login(sluice)) {
      for (int round = 0; round < 60; round++) {
        WireClient victim = login(sluice);
        victim.send(query("BEGIN"), query("SELECT pg_sleep(0.00" + round % 10 + ")"));
        bystander.send(query("SELECT pg_sleep(0.005), " + round));
        victim.abort();
        assertThat(bystander.readResult().column("?column?"))
            .describedAs("round %d", round)
            .containsExactly(Integer.toString(round));
      }
    }
  }

  @Test
  void withoutASettingPostgresIsNotToldToStop() throws Exception {
    try (SluiceProcess sluice = start("transaction", 0);
        WireClient client = login(sluice);
        WireClient next = login(sluice)) {
      vanish(client, "INSERT", query("INSERT INTO t SELECT 1 FROM pg_sleep(0.3)"));
      assertThat(next.query("SELECT count(*) FROM t").number()).isEqualTo(1);
    }
  }
}
