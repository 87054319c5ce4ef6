package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.ErrorLog;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type of message in every state of a client's login. */
class LoginMatrixTest {
  private static final int TYPES = 256;
  private static final Pattern REFUSAL =
      Pattern.compile("SFATAL\0VFATAL\0C(08P01|28P01|28000)\0M.+\0\0", Pattern.DOTALL);
  private static final byte[] SCRAM_FIRST =
      Wire.message(
          'p',
          Wire.cstr("SCRAM-SHA-256"),
          new byte[] {0, 0, 0, 11},
          "n,,n=,r=abc".getBytes(StandardCharsets.US_ASCII));

  @TempDir private Path directory;

  /** What was asked, and what the client has said to that before the message. */
  private enum State {
    CLEARTEXT("plain", 3),
    MD5("md5", 5),
    SASL_INITIAL("scram-sha-256", 10),
    SASL_FINAL("scram-sha-256", 10);

    private final String method;
    private final int question;

    State(String method, int question) {
      this.method = method;
      this.question = question;
    }

    private void reach(Peer client) throws IOException {
      client.send(Wire.startup("user", "guest", "database", "own"));
      assertThat(client.read().text().charAt(3)).isEqualTo((char) question);
      if (this == SASL_FINAL) {
        client.send(SCRAM_FIRST);
        assertThat(client.read().type()).isEqualTo('R');
      }
    }
  }

  private RunningProxy proxy(String method) throws IOException {
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"app\" \"secret\"\n\"guest\" \"other\"\n");
    return new RunningProxy(
        "auth_type = " + method, "auth_file = " + users, "log_disconnections = 0");
  }

  /** What is answered until the connection ends; empty when it just ends, or is reset. */
  private static List<Peer.Message> end(Peer client) throws IOException {
    try {
      return client.readToEnd();
    } catch (SocketException reset) {
      return List.of();
    }
  }

  private static void isRefusal(String what, List<Peer.Message> answer) {
    assertThat(answer).as(what).hasSizeLessThanOrEqualTo(1);
    for (Peer.Message message : answer) {
      assertThat(message.type()).as(what).isEqualTo('E');
      assertThat(message.text()).as(what).matches(REFUSAL);
    }
  }

  private static void serves(Pair witness) throws IOException {
    witness.client().send(Wire.query("select 1"));
    witness.server().readTo('Q');
    witness.server().send(Wire.complete("SELECT 1"), Wire.ready('I'));
    assertThat(witness.client().typesTo('Z')).isEqualTo("CZ");
  }

  private static void isAlone(RunningProxy proxy) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (proxy.<Integer>onLoop(() -> proxy.proxy().clients().count()) > 1
        && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(proxy.<Integer>onLoop(() -> proxy.proxy().clients().count())).isEqualTo(1);
  }

  private static byte[] message(int type) {
    return Wire.message((char) type, new byte[] {0, 0, 0, 1, 'x', 0});
  }

  /** Where a StartupMessage is due, the type is the first byte of an absurd length. */
  @Test
  void refusesEveryTypeAsTheFirstMessage() throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy("any")) {
      Pair witness = proxy.loginFirst();
      for (int type = 0; type < TYPES; type++) {
        try (Peer client = proxy.connect()) {
          client.send(message(type));
          isRefusal("type " + type, end(client));
        }
      }
      serves(witness);
      isAlone(proxy);
      assertThat(errors.lines()).isEmpty();
      witness.client().close();
      witness.server().close();
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void refusesEveryTypeWhereAnAnswerIsDue(State state) throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy(state.method)) {
      for (int type = 0; type < TYPES; type++) {
        try (Peer client = proxy.connect()) {
          state.reach(client);
          client.send(message(type));
          List<Peer.Message> answer = end(client);
          isRefusal(state + ", type " + type, answer);
          // The right type with the wrong contents is told so.
          assertThat(answer).as("type " + type).hasSize(type == 'p' ? 1 : answer.size());
        }
      }
      assertThat(proxy.<Integer>onLoop(() -> proxy.proxy().clients().count())).isLessThan(2);
      assertThat(errors.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void refusesAbsurdLengthsWhereAnAnswerIsDue(State state) throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy(state.method)) {
      for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 3, 65_541, Integer.MAX_VALUE}) {
        try (Peer client = proxy.connect()) {
          state.reach(client);
          client.send(Wire.header('p', length));
          isRefusal(state + ", length " + length, end(client));
        }
      }
      assertThat(errors.lines()).isEmpty();
    }
  }

  /** Whoever waits for a server is not read from: it is queries that come next, or the end. */
  @Test
  void keepsEveryTypeForLaterWhileTheFirstServerIsAwaited() throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy("any")) {
      for (int type = 0; type < TYPES; type++) {
        try (Peer client = proxy.start()) {
          client.send(message(type));
        }
      }
      Pair witness = proxy.loginFirst();
      serves(witness);
      isAlone(proxy);
      assertThat(errors.lines()).isEmpty();
      witness.client().close();
      witness.server().close();
    }
  }

  /** No answer is due where nobody is asked; what comes then is what comes after a login. */
  @ParameterizedTest
  @CsvSource({"any", "trust"})
  void takesAnUnaskedPasswordForAMistake(String method) throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy(method)) {
      Pair witness = proxy.loginFirst();
      try (Peer client = proxy.login()) {
        client.send(Wire.password("secret"));
        isRefusal("password", end(client));
      }
      serves(witness);
      assertThat(errors.lines()).isEmpty();
      witness.client().close();
      witness.server().close();
    }
  }

  /** The special requests are four bytes of length, and four of a code that is no version. */
  @Test
  void answersOrRefusesEveryCodeOfASpecialRequest() throws IOException {
    try (ErrorLog errors = ErrorLog.open();
        RunningProxy proxy = proxy("any")) {
      for (int code = 5_670; code < 5_690; code++) {
        try (Peer client = proxy.connect()) {
          byte[] request = ByteBuffer.allocate(8).putInt(8).putInt(1234 << 16 | code).array();
          client.send(request);
          if (code == 5_679 || code == 5_680) {
            assertThat(client.readByte()).isEqualTo('N');
          } else {
            isRefusal("code " + code, end(client));
          }
        }
      }
      assertThat(errors.lines()).isEmpty();
    }
  }
}
