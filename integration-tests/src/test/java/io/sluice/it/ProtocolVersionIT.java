package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 3.0 and 3.2, on either side and mixed. */
class ProtocolVersionIT {
  private static final String SLEEP = "SELECT pg_sleep(600)";

  @ParameterizedTest
  @CsvSource({"18, 0, 4", "18, 2, 32", "11, 0, 4", "11, 2, 32"})
  void everyMixtureWorksAndCancels(String release, int minor, int secretBytes) throws Exception {
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.start(PostgresOptions.DEFAULT.version(release));
        SluiceProcess sluice = SluiceProcess.start(SluiceConfig.before(postgres));
        WireClient client =
            WireClient.login(
                sluice.tcp(), WireLogin.of("postgres", "postgres").protocol(3 << 16 | minor))) {
      assertThat(client.secretKey()).hasSize(secretBytes);
      client.send(query(SLEEP));
      Eventually.await(
          "it runs",
          () ->
              postgres
                      .query(
                          "SELECT count(*) FROM pg_stat_activity WHERE query = '"
                              + SLEEP
                              + "' AND state = 'active'")
                      .number()
                  == 1);
      client.cancel();
      assertThatThrownBy(client::readResult).hasMessageContaining("57014");
      assertThat(client.query("SELECT 7").number()).isEqualTo(7);
    }
  }

  /** The messages of a login, the answer to what is asked for in front, are PostgreSQL's own. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 65535})
  void isNegotiatedAsByPostgres(int minor) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        SluiceProcess sluice = SluiceProcess.start(SluiceConfig.before(postgres))) {
      for (String extension : new String[] {"", "_pq_.unheard_of"}) {
        WireLogin plain = WireLogin.of("postgres", "postgres").protocol(3 << 16 | minor);
        WireLogin login = extension.isEmpty() ? plain : plain.with(extension, "1");
        assertThat(negotiation(WireClient.connect(sluice.tcp()), login))
            .describedAs("%d %s", minor, extension)
            .isEqualTo(negotiation(WireClient.connect(postgres.tcp()), login));
      }
    }
  }

  private static List<String> negotiation(WireClient client, WireLogin login) throws Exception {
    try (client) {
      return client.login(login).stream()
          .filter(message -> message.type() == 'v' || message.type() == 'K')
          .map(ProtocolVersionIT::shape)
          .toList();
    }
  }

  private static String shape(WireMessage message) {
    return message.type() == 'K'
        ? "K" + message.body().length
        : "v" + java.util.HexFormat.of().formatHex(message.body());
  }

  @Test
  void theConsoleSpeaksItToo() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(SluiceConfig.empty());
        WireClient console =
            WireClient.login(
                sluice.tcp(),
                WireLogin.of(SluiceConfig.ADMIN, "pgbouncer").protocol(WireLogin.PROTOCOL_3_2))) {
      assertThat(console.secretKey()).hasSize(32);
      assertThat(console.query("SHOW VERSION").value()).startsWith("PgBouncer");
    }
  }
}
