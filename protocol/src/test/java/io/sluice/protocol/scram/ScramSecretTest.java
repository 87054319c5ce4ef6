package io.sluice.protocol.scram;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramSecretTest {
  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
  private static final String STORED_KEY = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=";
  private static final String SERVER_KEY = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
  private static final String STORED =
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + STORED_KEY + ":" + SERVER_KEY;

  @Test
  void derivesWhatAnIndependentImplementationDerives() {
    assertThat(ScramSecret.derive("pencil", SALT, 4096).print()).isEqualTo(STORED);
  }

  @Test
  void derivesFromAnEmptyPasswordAndWithOneIteration() {
    assertThat(ScramSecret.derive("", SALT, 1).print())
        .isEqualTo(
            "SCRAM-SHA-256$1:W22ZaJ0SNY7soEsUEjb6gQ==$1AAEpzblzPUeIx9qnscBSoHxWFa1iGl5Pr7CVVPmq8M="
                + ":/HV0xSYmHeQlxlWvDGVWLF9mV8ko4E3+UqFtcYiyCGA=");
  }

  @Test
  void preparesThePassword() {
    assertThat(ScramSecret.derive("I\u00adX\u00aa", SALT, 2).print())
        .isEqualTo(ScramSecret.derive("IXa", SALT, 2).print());
  }

  @Test
  void readsTheStoredForm() {
    ScramSecret secret = requireNonNull(ScramSecret.parse(STORED));
    assertThat(secret.iterations()).isEqualTo(4096);
    assertThat(secret.salt()).isEqualTo(SALT);
    assertThat(secret.storedKey()).isEqualTo(Base64.getDecoder().decode(STORED_KEY));
    assertThat(secret.serverKey()).isEqualTo(Base64.getDecoder().decode(SERVER_KEY));
    assertThat(secret.print()).isEqualTo(STORED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 999_999, 1_000_000})
  void acceptsIterationsUpToAMillion(int iterations) {
    ScramSecret secret = ScramSecret.parse(STORED.replace("4096", String.valueOf(iterations)));
    assertThat(requireNonNull(secret).iterations()).isEqualTo(iterations);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "+1",
        "01",
        "1000001",
        "9999999",
        "10000000",
        "99999999999",
        "4o96",
        " 1"
      })
  void takesOtherIterationsForNoSecret(String iterations) {
    assertThat(ScramSecret.parse(STORED.replace("4096", iterations))).isNull();
  }

  @Test
  void takesEveryPieceOfASecretForNone() {
    for (int length = 0; length < STORED.length(); length++) {
      assertThat(ScramSecret.parse(STORED.substring(0, length))).as("%s", length).isNull();
    }
    assertThat(ScramSecret.parse(STORED.substring(1))).isNull();
    assertThat(ScramSecret.parse(STORED + " ")).isNull();
    assertThat(ScramSecret.parse(STORED + "\n")).isNull();
    assertThat(ScramSecret.parse(STORED + "AAAA")).isNull();
  }

  @Test
  void takesKeysOfAnotherLengthForNoSecret() {
    String shorter = Base64.getEncoder().encodeToString(new byte[31]);
    String longer = Base64.getEncoder().encodeToString(new byte[33]);
    assertThat(ScramSecret.parse(STORED.replace(STORED_KEY, shorter))).isNull();
    assertThat(ScramSecret.parse(STORED.replace(STORED_KEY, longer))).isNull();
    assertThat(ScramSecret.parse(STORED.replace(SERVER_KEY, shorter))).isNull();
    assertThat(ScramSecret.parse(STORED.replace(SERVER_KEY, longer))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W22ZaJ0SNY7soEsUEjb6gQ", "W22=ZaJ0", "====", "W22 ZaJ0", "W22-ZaJ_"})
  void takesBrokenBase64ForNoSecret(String salt) {
    assertThat(ScramSecret.parse(STORED.replace("W22ZaJ0SNY7soEsUEjb6gQ==", salt))).isNull();
  }

  @Test
  void takesAnEndlessTextForNoSecret() {
    assertThat(ScramSecret.parse(STORED.replace("W22Z", "W22Z".repeat(300)))).isNull();
  }

  @Test
  void mocksTheSameSaltForTheSameNameInOneProcess() {
    byte[] random = "0123456789abcdef".getBytes(US_ASCII);
    byte[] other = "0123456789abcdeX".getBytes(US_ASCII);
    ScramSecret mock = ScramSecret.mock("nobody", random, 4096);
    assertThat(mock.iterations()).isEqualTo(4096);
    assertThat(mock.salt()).hasSize(16).isEqualTo(ScramSecret.mock("nobody", random, 1).salt());
    assertThat(mock.salt()).isNotEqualTo(ScramSecret.mock("nobodz", random, 4096).salt());
    assertThat(mock.salt()).isNotEqualTo(ScramSecret.mock("nobody", other, 4096).salt());
  }

  @Test
  void hidesItselfAndItsKeys() {
    ScramSecret secret = ScramSecret.derive("pencil", SALT, 1);
    assertThat(secret).hasToString("ScramSecret[****]");
    assertThat(new ScramKeys(new byte[32], new byte[32], SALT, 1)).hasToString("ScramKeys[****]");
  }
}
