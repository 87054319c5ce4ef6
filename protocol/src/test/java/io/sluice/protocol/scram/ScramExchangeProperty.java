package io.sluice.protocol.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides against each other. */
class ScramExchangeProperty {
  private static final SecureRandom SECURE = new SecureRandom();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesOnEveryPasswordAndPassesItsKeysOn(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      String password = password(random);
      ScramSecret secret = ScramSecret.derive(password, salt(random), 1 + random.nextInt(20));
      ScramServer server = new ScramServer(secret, SECURE);
      exchange(ScramClient.withPassword(password, SECURE), server);
      ScramServer next = new ScramServer(secret, SECURE);
      exchange(ScramClient.withKeys(server.keys(), SECURE), next);
      assertThat(next.keys().clientKey())
          .as("seed %s, round %s", seed, round)
          .isEqualTo(server.keys().clientKey());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12, 13})
  void neverAgreesOnAnotherPasswordOrAMock(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      String password = password(random);
      byte[] salt = salt(random);
      ScramSecret other = ScramSecret.derive(password + "x", salt, 2);
      ScramSecret mock = ScramSecret.mock(password, salt, 2);
      for (ScramSecret secret : new ScramSecret[] {other, mock}) {
        ScramServer server = new ScramServer(secret, SECURE);
        assertThatThrownBy(() -> exchange(ScramClient.withPassword(password, SECURE), server))
            .as("seed %s, round %s", seed, round)
            .isInstanceOf(ScramFailure.class)
            .hasMessage("wrong password");
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void failsOrSurvivesOnAnyBytes(long seed) {
    Random random = new Random(seed);
    ScramSecret secret = ScramSecret.derive("pencil", salt(random), 1);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = noise(random);
      ScramServer server = new ScramServer(secret, "srv");
      mayFail(() -> server.onClientFirst(noise));
      ScramServer started = new ScramServer(secret, "srv");
      started.onClientFirst("n,,n=,r=abc".getBytes(UTF_8));
      assertThatThrownBy(() -> started.onClientFinal(noise))
          .as("seed %s, round %s", seed, round)
          .isInstanceOf(ScramFailure.class);
      ScramClient client = new ScramClient("pencil", null, "abc");
      client.clientFirst();
      mayFail(() -> client.onServerFirst(noise));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32, 33})
  void noticesEveryChangedByte(long seed) {
    failsWhenAltered(seed, 200, ScramExchangeProperty::change);
  }

  /** Attributes missing, doubled, reordered, empty, absurd: of either side, in any message. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {41, 42, 43, 44, 45, 46})
  void agreesOnNothingWhenAttributesAreNotWhatTheyWere(long seed) {
    failsWhenAltered(seed, 1_000, ScramExchangeProperty::reshape);
  }

  /** Alters one message of an exchange, or leaves it. */
  private interface Alteration {
    byte[] apply(Random random, boolean alters, byte[] message);
  }

  private static void failsWhenAltered(long seed, int rounds, Alteration alteration) {
    Random random = new Random(seed);
    ScramSecret secret = ScramSecret.derive("pencil", salt(random), 1);
    for (int round = 0; round < rounds; round++) {
      ScramClient client = ScramClient.withPassword("pencil", SECURE);
      ScramServer server = new ScramServer(secret, SECURE);
      int changed = random.nextInt(4);
      assertThatThrownBy(
              () -> {
                byte[] clientFirst = alteration.apply(random, changed == 0, client.clientFirst());
                byte[] serverFirst =
                    alteration.apply(random, changed == 1, server.onClientFirst(clientFirst));
                byte[] clientFinal =
                    alteration.apply(random, changed == 2, client.onServerFirst(serverFirst));
                byte[] serverFinal =
                    alteration.apply(random, changed == 3, server.onClientFinal(clientFinal));
                client.onServerFinal(serverFinal);
              })
          .as("seed %s, round %s, message %s", seed, round, changed)
          .isInstanceOf(ScramFailure.class);
    }
  }

  /** Changes the attributes of a message until it is another one. */
  private static byte[] reshape(Random random, boolean really, byte[] message) {
    String before = new String(message, UTF_8);
    String after = before;
    while (really && after.equals(before)) {
      List<String> attributes = new ArrayList<>(List.of(before.split(",", -1)));
      int at = random.nextInt(attributes.size());
      String attribute = attributes.get(at);
      String name = attribute.substring(0, Math.min(2, attribute.length()));
      switch (random.nextInt(7)) {
        case 0 -> attributes.remove(at);
        case 1 -> attributes.add(random.nextInt(attributes.size() + 1), attribute);
        case 2 -> Collections.shuffle(attributes, random);
        case 3 -> attributes.set(at, name);
        case 4 -> attributes.set(at, name + "A".repeat(random.nextInt(5_000)));
        case 5 -> attributes.set(at, attribute.substring(name.length()));
        default -> attributes.set(at, name + random.nextLong());
      }
      after = String.join(",", attributes);
    }
    return after.getBytes(UTF_8);
  }

  private static void exchange(ScramClient client, ScramServer server) {
    byte[] serverFirst = server.onClientFirst(client.clientFirst());
    client.onServerFinal(server.onClientFinal(client.onServerFirst(serverFirst)));
  }

  private static void mayFail(Runnable step) {
    try {
      step.run();
    } catch (ScramFailure failure) {
      assertThat(failure).hasMessageNotContaining("\n");
    }
  }

  private static byte[] change(Random random, boolean really, byte[] message) {
    if (really) {
      // Bit 3, not bit 0: the last bits of a base64 text may mean nothing.
      message[random.nextInt(message.length)] ^= 8;
    }
    return message;
  }

  private static byte[] noise(Random random) {
    String alphabet = "nyrspciv=,,==abcAAAA1\u00e4";
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(30); length > 0; length--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    if (bytes.length > 0 && random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static byte[] salt(Random random) {
    byte[] salt = new byte[1 + random.nextInt(32)];
    random.nextBytes(salt);
    return salt;
  }

  private static String password(Random random) {
    StringBuilder password = new StringBuilder();
    for (int length = random.nextInt(10); length > 0; length--) {
      password.appendCodePoint(
          random.nextBoolean() ? 1 + random.nextInt(126) : random.nextInt(0xd800));
    }
    return password.toString().replace("\0", "");
  }
}
