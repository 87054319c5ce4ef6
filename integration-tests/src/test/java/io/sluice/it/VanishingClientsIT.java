package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.bind;
import static io.sluice.demo.wire.FrontendMessages.cancelRequest;
import static io.sluice.demo.wire.FrontendMessages.execute;
import static io.sluice.demo.wire.FrontendMessages.parse;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.startup;
import static io.sluice.demo.wire.FrontendMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import io.sluice.it.script.ScriptGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that are gone in the middle of something leave nothing behind: no server, no lock, and no
 * byte for the next client.
 *
 * <p>{@code -Dsluice.vanishing=1000000} has more of them, {@code -Dsluice.seed=N} others.
 */
@ExtendWith(PostgresExtension.class)
class VanishingClientsIT {
  private static final int CLIENTS = Integer.getInteger("sluice.vanishing", 1500);
  private static final long FIRST_SEED = Long.getLong("sluice.seed", 1);
  private static final int THREADS = 4;
  private static final int SERVERS = 5;
  private static final String TOKEN = "token-of-";

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "session", "statement"})
  void leaveNothingBehind(String mode, EmbeddedPostgres postgres) throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    postgres.query(database.name(), "CREATE UNLOGGED TABLE script (n int)");
    SluiceConfig config =
        SluiceConfig.before(postgres)
            .set("pool_mode", mode)
            .set("max_client_conn", 500)
            .set("log_connections", 0)
            .set("log_disconnections", 0)
            .set("default_pool_size", SERVERS);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        PoolCounts pools = PoolCounts.of(sluice, database.name())) {
      vanish(sluice, database.name(), CLIENTS / 3);

      for (String column :
          List.of(
              "cl_active",
              "cl_waiting",
              "cl_active_cancel_req",
              "cl_waiting_cancel_req",
              "sv_active",
              "sv_tested",
              "sv_being_canceled",
              "sv_active_cancel")) {
        pools.await(column, 0);
      }
      Eventually.await(
          "no server is at work in " + database.name(),
          () -> database.connections("state <> 'idle'") == 0);
      assertThat(database.connections()).isBetween(1L, (long) SERVERS);
      assertThat(pools.sum("sv_idle") + pools.sum("sv_used")).isEqualTo(database.connections());
    }
  }

  private static void vanish(SluiceProcess sluice, String database, int clients) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        long first = FIRST_SEED + (long) t * clients;
        all.add(
            threads.submit(
                () -> {
                  for (long seed = first; seed < first + clients / THREADS; seed++) {
                    vanishAndLook(sluice, database, seed);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void vanishAndLook(SluiceProcess sluice, String database, long seed)
      throws IOException {
    Random random = new Random(seed);
    try {
      if (random.nextInt(10) == 0) {
        vanishWithACancelInFlight(sluice, database, random);
      } else {
        vanishAnywhere(sluice, database, random);
      }
      look(sluice, database, TOKEN + seed);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  /** A whole session, login and all, is sent without looking at answers, and cut at a byte. */
  private static void vanishAnywhere(SluiceProcess sluice, String database, Random random)
      throws IOException {
    WireLogin login = WireLogin.of("postgres", database);
    ByteArrayOutputStream session = new ByteArrayOutputStream();
    session.writeBytes(startup(login.protocol(), login.parameters()));
    session.writeBytes(ScriptGenerator.write(random.nextLong()).bytes());
    byte[] bytes = Arrays.copyOf(session.toByteArray(), random.nextInt(session.size()) + 1);
    WireClient client = WireClient.connect(sluice.tcp());
    sendAll(client, bytes, random);
    switch (random.nextInt(4)) {
      case 0 -> client.close();
      case 1 -> client.abort();
      case 2 -> halfClose(client);
      default -> {
        readSome(client, random.nextInt(20));
        client.abort();
      }
    }
  }

  private static void sendAll(WireClient client, byte[] bytes, Random random) {
    try {
      int cut = random.nextInt(bytes.length);
      client.send(Arrays.copyOf(bytes, cut));
      client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
    } catch (IOException e) {
      // What was sent has made Sluice end the session: a BEGIN in statement mode, say.
    }
  }

  /** Everything that was asked for may still come, and nothing else. */
  private static void halfClose(WireClient client) throws IOException {
    try (client) {
      client.shutdownOutput();
      assertNoToken(client.expectClosed());
    } catch (IOException e) {
      // Sluice was faster.
    }
  }

  private static void readSome(WireClient client, int count) {
    List<WireMessage> seen = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        seen.add(client.readMessage(Duration.ofMillis(20)));
      }
    } catch (IOException e) {
      // No more comes, or the end has come.
    }
    assertNoToken(seen);
  }

  private static void assertNoToken(List<WireMessage> messages) {
    for (WireMessage message : messages) {
      String text = new String(message.body(), StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContain(TOKEN);
    }
  }

  private static void vanishWithACancelInFlight(
      SluiceProcess sluice, String database, Random random) throws IOException {
    WireClient client = sluice.login("postgres", database);
    client.send(query("SELECT pg_sleep(0.2)"));
    try (WireClient messenger = WireClient.connect(sluice.tcp())) {
      messenger.send(cancelRequest(client.processId(), client.secretKey()));
      if (random.nextBoolean()) {
        client.abort();
      } else {
        client.close();
      }
    }
  }

  /** The next client gets exactly its own answers. */
  private static void look(SluiceProcess sluice, String database, String token) throws IOException {
    try (WireClient client = sluice.login("postgres", database)) {
      client.send(query("SELECT '" + token + "'"));
      assertAnswers(answers(client), "TDCZ", token);
      client.send(parse("", "SELECT $1::text"), bind("", "", token), execute("", 0), sync());
      assertAnswers(answers(client), "12DCZ", token);
    } catch (WireError e) {
      throw new AssertionError(token + ": " + e.getMessage(), e);
    }
  }

  private static List<WireMessage> answers(WireClient client) throws IOException {
    List<WireMessage> seen = new ArrayList<>();
    do {
      WireMessage message = client.readMessage();
      if (message.type() == 'E') {
        throw new WireError(message);
      }
      seen.add(message);
    } while (seen.get(seen.size() - 1).type() != 'Z');
    return seen;
  }

  private static void assertAnswers(List<WireMessage> messages, String types, String token) {
    String seen =
        messages.stream()
            .filter(message -> message.type() != 'N')
            .map(message -> String.valueOf(message.type()))
            .collect(Collectors.joining());
    assertThat(seen).describedAs("%s", messages).isEqualTo(types);
    WireMessage row =
        messages.stream().filter(message -> message.type() == 'D').findFirst().orElseThrow();
    assertThat(row.values()).containsExactly(token);
  }
}
