package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import io.sluice.proxy.net.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The buffers of connections that have not logged in, with the most that they can be given. */
class StrangersMemoryTest {
  private static final int STRANGERS = 100;
  private static final long BYTES_EACH = 64 << 10;

  /** What the allocator rounds up and the loop reads into, for all connections together. */
  private static final long SHARED_BYTES = 2 << 20;

  private static final int SENT_BYTES = 60_000;

  @TempDir private Path directory;

  private RunningProxy proxy() throws IOException {
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"app\" \"secret\"\n");
    return new RunningProxy("auth_type = plain", "auth_file = " + users, "max_client_conn = 1000");
  }

  private static long used(RunningProxy proxy) {
    return proxy.onLoop(
        () -> {
          MemoryBudget memory = proxy.proxy().pools().loop().memory();
          memory.measure();
          return memory.usedBytes();
        });
  }

  private static int held(RunningProxy proxy) {
    return proxy.onLoop(
        () ->
            proxy.proxy().clients().select(client -> true).stream()
                .mapToInt(client -> client.inbox().heldBytes())
                .sum());
  }

  private interface Greeting {
    void to(Peer client) throws IOException;
  }

  /** Has all of them send what is never complete, and looks when all of it has been read. */
  private static void staySmall(RunningProxy proxy, Greeting greeting) throws IOException {
    long before = used(proxy);
    List<Peer> strangers = new ArrayList<>();
    for (int i = 0; i < STRANGERS; i++) {
      Peer stranger = proxy.connect();
      strangers.add(stranger);
      greeting.to(stranger);
    }
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (held(proxy) < STRANGERS * SENT_BYTES && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(held(proxy)).isGreaterThanOrEqualTo(STRANGERS * SENT_BYTES);
    assertThat(used(proxy) - before).isLessThan(STRANGERS * BYTES_EACH + SHARED_BYTES);
    for (Peer stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void holdsNoMoreThanAPacketOfTheStart() throws IOException {
    try (RunningProxy proxy = proxy()) {
      byte[] header = ByteBuffer.allocate(8).putInt(65_000).putInt(196_608).array();
      staySmall(proxy, client -> client.send(header, new byte[SENT_BYTES]));
    }
  }

  @Test
  void holdsNoMoreThanAPacketOfAPassword() throws IOException {
    try (RunningProxy proxy = proxy()) {
      staySmall(
          proxy,
          client -> {
            client.send(Wire.startup("user", "app", "database", "db"));
            client.read();
            client.send(Wire.header('p', 65_000), new byte[SENT_BYTES]);
          });
    }
  }

  /** What is kept elsewhere than in buffers counts as well, until the stranger has gone. */
  @Test
  void countsWhatIsKeptOfAStart() throws IOException {
    try (RunningProxy proxy = proxy()) {
      long before = used(proxy);
      List<Peer> strangers = new ArrayList<>();
      for (int i = 0; i < STRANGERS; i++) {
        Peer stranger = proxy.connect();
        strangers.add(stranger);
        String text = "a".repeat(SENT_BYTES);
        stranger.send(Wire.startup("user", "app", "database", "db", "application_name", text));
        stranger.read();
      }
      assertThat(used(proxy) - before).isGreaterThan((long) STRANGERS * SENT_BYTES);
      for (Peer stranger : strangers) {
        stranger.close();
      }
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (used(proxy) - before > SHARED_BYTES && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(used(proxy) - before).isLessThan(SHARED_BYTES);
    }
  }

  @Test
  void takesNamesAndParametersWithinBounds() throws IOException {
    String[] many = new String[1004];
    Arrays.fill(many, "x");
    System.arraycopy(new String[] {"user", "app", "database", "db"}, 0, many, 0, 4);
    for (int i = 4; i < many.length; i += 2) {
      many[i] = "p" + i;
    }
    String name = "n".repeat(128);
    try (RunningProxy proxy = proxy()) {
      assertThat(answer(proxy, many)).contains("Mmore than 500 startup parameters");
      assertThat(answer(proxy, "user", name)).contains("Musername too long");
      assertThat(answer(proxy, "user", "app", "database", name))
          .contains("Mdatabase name too long");
    }
  }

  private static String answer(RunningProxy proxy, String... parameters) throws IOException {
    try (Peer client = proxy.connect()) {
      client.send(Wire.startup(parameters));
      return client.read().text();
    }
  }

  /** Whoever claims more than that is refused before it is read. */
  @Test
  void holdsNothingForALengthThatIsRefused() throws IOException {
    try (RunningProxy proxy = proxy()) {
      long before = used(proxy);
      for (int i = 0; i < STRANGERS; i++) {
        try (Peer client = proxy.connect()) {
          client.send(ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(196_608).array());
          client.awaitEnd();
        }
      }
      assertThat(used(proxy) - before).isLessThan(SHARED_BYTES);
    }
  }
}
