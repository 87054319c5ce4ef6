package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What honest peers send, with mistakes in it: bytes changed, left out, doubled, cut. For a few
 * seconds, or for {@code -Dsluice.fuzz.seconds}; {@code -Dsluice.fuzz.seed} begins elsewhere.
 */
class MutationTest {
  private static final int SECONDS = Integer.getInteger("sluice.fuzz.seconds", 4);
  private static final long FIRST_SEED = Long.getLong("sluice.fuzz.seed", 0);

  private static final byte[] STARTUP =
      Wire.startup("user", "app", "database", "db", "application_name", "x");
  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};
  private static final byte[] GSS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 48};
  private static final byte[] CANCEL = {0, 0, 0, 16, 4, (byte) 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 2};

  private static final byte[] SCRAM_FIRST =
      Wire.message(
          'p',
          Wire.cstr("SCRAM-SHA-256"),
          new byte[] {0, 0, 0, 11},
          "n,,n=,r=abc".getBytes(StandardCharsets.US_ASCII));

  private static final List<byte[]> OF_CLIENTS =
      List.of(
          STARTUP,
          Wire.join(SSL_REQUEST, STARTUP),
          Wire.join(GSS_REQUEST, STARTUP),
          CANCEL,
          Wire.join(STARTUP, SCRAM_FIRST, SCRAM_FIRST),
          Wire.join(STARTUP, Wire.password("secret")),
          Wire.join(STARTUP, Wire.parse("a", "select 1"), Wire.bind("a"), Wire.sync()),
          Wire.join(STARTUP, Wire.close("a"), Wire.describe("a"), Wire.flush()));

  private static final List<byte[]> OF_SERVERS =
      List.of(
          FakePostgres.welcome(),
          Wire.message('R', new byte[] {0, 0, 0, 10}, Wire.cstr("SCRAM-SHA-256"), new byte[1]),
          Wire.join(
              Wire.message('R', new byte[] {0, 0, 0, 10}, Wire.cstr("SCRAM-SHA-256"), new byte[1]),
              Wire.message(
                  'R',
                  new byte[] {0, 0, 0, 11},
                  "r=x,s=QUJDRA==,i=4096".getBytes(StandardCharsets.US_ASCII))),
          Wire.message('R', new byte[] {0, 0, 0, 5, 1, 2, 3, 4}),
          Wire.join(Wire.error("28P01", "no"), Wire.notice("hello")),
          Wire.join(FakePostgres.welcome(), Wire.row(10), Wire.complete("SELECT 1")));

  private static byte[] mutated(byte[] honest, Random random) {
    byte[] bytes = honest.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 3 -> bytes = Wire.join(bytes, Arrays.copyOfRange(bytes, at, bytes.length));
        default ->
            bytes =
                Wire.join(
                    Arrays.copyOf(bytes, at + 1),
                    Arrays.copyOfRange(bytes, Math.min(bytes.length, at + 3), bytes.length));
      }
    }
    return bytes;
  }

  private static void say(Peer peer, byte[] bytes) throws IOException {
    try (peer) {
      peer.send(bytes);
      peer.socket().shutdownOutput();
      peer.awaitEnd();
    } catch (SocketException reset) {
      // The proxy was faster.
      return;
    }
  }

  @Test
  void clientsThatMakeMistakesHarmNobodyElse() throws IOException {
    // The witness has the only server; whoever gets in by mistake waits for it, and leaves.
    try (RunningProxy proxy =
        new RunningProxy("query_wait_timeout = 1", "log_disconnections = 0")) {
      Pair witness = proxy.loginFirst();
      witness.client().send(Wire.query("begin"));
      witness.server().readTo('Q');
      witness.server().send(Wire.complete("BEGIN"), Wire.ready('T'));
      witness.client().readTo('Z');
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      for (long seed = FIRST_SEED; System.nanoTime() < deadline; seed++) {
        Random random = new Random(seed);
        byte[] bytes = mutated(OF_CLIENTS.get(random.nextInt(OF_CLIENTS.size())), random);
        say(proxy.connect(), bytes);
      }
      witness.client().send(Wire.query("commit"));
      witness.server().readTo('Q');
      witness.server().send(Wire.complete("COMMIT"), Wire.ready('I'));
      assertThat(witness.client().typesTo('Z')).isEqualTo("CZ");
      witness.client().close();
      witness.server().close();
    }
  }

  @Test
  void serversThatMakeMistakesHarmNobodyElse() throws Exception {
    AtomicBoolean honest = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    try (RunningProxy proxy =
        new RunningProxy(
            "server_login_retry = 0", "query_wait_timeout = 2", "log_disconnections = 0")) {
      Thread postgres = new Thread(() -> serve(proxy.postgres(), honest, over), "postgres");
      postgres.start();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() < deadline) {
        say(proxy.connect(), Wire.join(STARTUP, Wire.query("select 1")));
      }
      honest.set(true);
      String answer = "";
      while (!answer.endsWith("CZ")
          && System.nanoTime() < deadline + TimeUnit.SECONDS.toNanos(10)) {
        try (Peer client = proxy.connect()) {
          client.send(STARTUP, Wire.query("select 1"));
          answer = client.typesTo('Z') + client.typesTo('Z');
        } catch (IOException refused) {
          // The last mistake was one of this login's.
          answer = "";
        }
      }
      assertThat(answer).endsWith("CZ");
      over.set(true);
      proxy.postgres().close();
      postgres.join();
    }
  }

  /** Answers each login with mistakes, until it is told to be honest. */
  private static void serve(FakePostgres postgres, AtomicBoolean honest, AtomicBoolean over) {
    for (long seed = FIRST_SEED; ; seed++) {
      Random random = new Random(seed);
      try (Peer server = postgres.accept()) {
        server.readPacket();
        if (honest.get()) {
          server.send(FakePostgres.welcome());
          // The first may be a SET for the client's parameters.
          while (!over.get()) {
            server.readTo('Q');
            server.send(Wire.complete("SELECT 1"), Wire.ready('I'));
          }
        } else {
          say(server, mutated(OF_SERVERS.get(random.nextInt(OF_SERVERS.size())), random));
        }
      } catch (IOException ended) {
        // The proxy has no need of another server now, or was faster.
        if (over.get()) {
          return;
        }
      }
    }
  }
}
