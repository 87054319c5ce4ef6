package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.process.CommandResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
class SmokeIT {
  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction", "statement"})
  void servesPsqlInEveryMode(String mode, EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice =
        SluiceProcess.start(SluiceConfig.before(postgres).set("pool_mode", mode))) {
      Psql psql = Psql.tcp(sluice.port(), "postgres");

      assertThat(psql.query("postgres", "SELECT 40 + 2", "SELECT 'twice'")).isEqualTo("42\ntwice");
    }
  }

  @Test
  void servesPsqlOverTheUnixSocket(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(SluiceConfig.before(postgres))) {
      Psql psql = new Psql(sluice.directory().toString(), sluice.port(), "postgres", "");

      assertThat(psql.query("postgres", "SELECT current_database()")).isEqualTo("postgres");
    }
  }

  @Test
  void forwardsTheErrorsOfPostgres(EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(SluiceConfig.before(postgres))) {
      CommandResult result = Psql.tcp(sluice.port(), "postgres").run("postgres", "SELECT 1/0");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.output()).contains("ERROR:  division by zero");
    }
  }

  @Test
  void keepsFewServersForManyClients(EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config =
        SluiceConfig.before(postgres).set("pool_mode", "transaction").set("default_pool_size", 3);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      new Pgbench(postgres.port(), "postgres", "postgres").initialize(1);

      long processed =
          new Pgbench(sluice.port(), "postgres", "postgres")
              .run("--client=20", "--jobs=2", "--transactions=50", "--no-vacuum");

      assertThat(processed).isEqualTo(20 * 50);
      assertThat(
              Psql.tcp(sluice.port(), SluiceConfig.ADMIN)
                  .query("pgbouncer", "SHOW SERVERS")
                  .lines())
          .hasSizeBetween(1, 3);
    }
  }
}
