package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.TestAuthority;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mistakes around the switch to TLS: requests doubled, bytes in front of and behind the answer,
 * handshakes that are none. For a few seconds, or for {@code -Dsluice.fuzz.seconds}.
 */
class TlsMutationTest {
  private static final int SECONDS = Integer.getInteger("sluice.fuzz.seconds", 3);
  private static final long FIRST_SEED = Long.getLong("sluice.fuzz.seed", 0);

  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};
  private static final byte[] GSS_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 48};
  private static final byte[] STARTUP = Wire.startup("user", "app", "database", "db");

  @TempDir Path directory;

  private static byte[] hello(TestAuthority ours) throws IOException, Exception {
    SSLEngine engine = ours.context(null).createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"postgresql"});
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Some parts, in any order, as they are or with mistakes, in one write or more. */
  private static void say(Peer peer, List<byte[]> parts, Random random) throws IOException {
    try (peer) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        byte[] part = parts.get(random.nextInt(parts.size())).clone();
        for (int mistakes = random.nextInt(3); mistakes > 0; mistakes--) {
          part[random.nextInt(part.length)] = (byte) random.nextInt(256);
        }
        int end = random.nextInt(4) == 0 ? random.nextInt(part.length) : part.length;
        peer.send(Arrays.copyOf(part, end));
      }
      peer.socket().shutdownOutput();
      peer.awaitEnd();
    } catch (SocketException reset) {
      // The proxy was faster.
      return;
    }
  }

  @Test
  void mistakesAroundTheSwitchHarmNobodyElse() throws Exception {
    TestAuthority ours = TestAuthority.create("Ours");
    String files =
        TestAuthority.settings(
            ours.issue("CN=server", TestAuthority::forLocalhost), directory, "client");
    List<byte[]> parts =
        List.of(SSL_REQUEST, GSS_REQUEST, hello(ours), STARTUP, Wire.query("select 1"));
    try (RunningProxy proxy =
        new RunningProxy(
            "client_tls_sslmode = allow",
            files,
            "query_wait_timeout = 1",
            "log_disconnections = 0")) {
      Pair witness = proxy.loginFirst();
      witness.client().send(Wire.query("begin"));
      witness.server().readTo('Q');
      witness.server().send(Wire.complete("BEGIN"), Wire.ready('T'));
      witness.client().readTo('Z');
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      for (long seed = FIRST_SEED; System.nanoTime() < deadline; seed++) {
        say(proxy.connect(), parts, new Random(seed));
      }
      witness.client().send(Wire.query("commit"));
      witness.server().readTo('Q');
      witness.server().send(Wire.complete("COMMIT"), Wire.ready('I'));
      assertThat(witness.client().typesTo('Z')).isEqualTo("CZ");
      witness.client().close();
      witness.server().close();
    }
  }
}
