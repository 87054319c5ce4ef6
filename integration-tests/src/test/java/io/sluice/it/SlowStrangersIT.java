package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.startup;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two thousand who never finish what they say, far more than max_client_conn. */
@ExtendWith(PostgresExtension.class)
class SlowStrangersIT {
  private static final int STRANGERS = 2000;

  private final List<SocketChannel> strangers = new ArrayList<>();

  @AfterEach
  void leave() throws IOException {
    for (SocketChannel stranger : strangers) {
      stranger.close();
    }
  }

  private static SluiceConfig config(EmbeddedPostgres postgres) {
    return SluiceConfig.before(postgres).set("max_client_conn", 100);
  }

  private void crowd(SluiceProcess sluice) throws IOException {
    for (int i = 0; i < STRANGERS; i++) {
      strangers.add(SocketChannel.open(sluice.tcp().socket()));
    }
  }

  /** client_login_timeout is twice the patience of the test: that is not what lets others in. */
  @Test
  void doNotKeepOthersOut(EmbeddedPostgres postgres) throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    SluiceConfig config = config(postgres).set("client_login_timeout", 60);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      byte[] packet = packet(database);
      crowd(sluice);
      for (int sent = 0; sent < 10; sent++) {
        say(strangers, packet, sent);
        // Whoever is a second old is slow; until then nobody can tell.
        Eventually.await("room for others", () -> letsIn(sluice, database));
      }
    }
  }

  @Test
  void areGoneAtClientLoginTimeout(EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config =
        config(postgres).set("max_client_conn", 5000).set("client_login_timeout", 3);
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient admin = sluice.console()) {
      crowd(sluice);
      // A connection that says nothing is not shown to us by the kernel (tcp_defer_accept).
      say(strangers, new byte[1], 0);
      Eventually.await("many are there", () -> waiting(admin) > STRANGERS / 4);
      Eventually.await("nobody is there", () -> waiting(admin) == 0);
    }
  }

  private static byte[] packet(TestDatabase database) {
    WireLogin login = WireLogin.of("postgres", database.name());
    return startup(login.protocol(), login.parameters());
  }

  private static boolean letsIn(SluiceProcess sluice, TestDatabase database) {
    try (WireClient honest = sluice.login("postgres", database.name())) {
      return honest.query("SELECT 1").number() == 1;
    } catch (IOException | WireError full) {
      return false;
    }
  }

  private static void say(List<SocketChannel> strangers, byte[] packet, int index) {
    for (SocketChannel stranger : strangers) {
      try {
        stranger.write(ByteBuffer.wrap(packet, index, 1));
      } catch (IOException ended) {
        // It has been shown out; the others are still there.
        assertThat(stranger.isConnected()).isTrue();
      }
    }
  }

  private static long waiting(WireClient admin) throws IOException {
    return admin.query("SHOW LOGINS").column("login_connections").stream()
        .mapToLong(Long::parseLong)
        .sum();
  }
}
