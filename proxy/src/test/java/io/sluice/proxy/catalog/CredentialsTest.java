package io.sluice.proxy.catalog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final byte[] SALT = new byte[16];

  private static final String MD5 = Md5Password.hash("pencil", "alice");
  private static final String SCRAM =
      ScramSecret.derive("pencil", "0123456789abcdef".getBytes(US_ASCII), 16).print();

  @Test
  void recognisesAPassword() {
    Credentials credentials = new Credentials("pencil");
    assertThat(credentials.plain()).isEqualTo("pencil");
    assertThat(credentials.md5()).isNull();
    assertThat(credentials.scram()).isNull();
    assertThat(credentials.isEmpty()).isFalse();
  }

  @Test
  void recognisesAnMd5Secret() {
    Credentials credentials = new Credentials(MD5);
    assertThat(credentials.md5()).isEqualTo(MD5);
    assertThat(credentials.plain()).isNull();
    assertThat(credentials.scram()).isNull();
    assertThat(credentials.derive(SALT, 16)).isNull();
  }

  @Test
  void recognisesAScramSecret() {
    Credentials credentials = new Credentials(SCRAM);
    ScramSecret secret = requireNonNull(credentials.scram());
    assertThat(secret.print()).isEqualTo(SCRAM);
    assertThat(credentials.plain()).isNull();
    assertThat(credentials.md5()).isNull();
    assertThat(credentials.derive(SALT, 16)).isNull();
  }

  @Test
  void hasNothingWhenEmpty() {
    Credentials credentials = new Credentials("");
    assertThat(credentials.isEmpty()).isTrue();
    assertThat(credentials.plain()).isNull();
    assertThat(credentials.md5()).isNull();
    assertThat(credentials.scram()).isNull();
    assertThat(credentials.derive(SALT, 16)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "md5",
        "md5012345678901234567890123456789",
        "md5012345678901234567890123456789AB",
        "md5012345678901234567890123456789abc",
        "MD5012345678901234567890123456789ab",
        "SCRAM-SHA-256$",
        "SCRAM-SHA-256$4096:abc$def:ghi"
      })
  void takesAnythingElseForAPassword(String stored) {
    Credentials credentials = new Credentials(stored);
    assertThat(credentials.plain()).isEqualTo(stored);
    assertThat(credentials.md5()).isNull();
    assertThat(credentials.scram()).isNull();
  }

  @Test
  void derivesTheScramSecretOfThePasswordOnce() {
    Credentials credentials = new Credentials("pencil");
    ScramSecret first = requireNonNull(credentials.derive(SALT, 16));
    assertThat(first.storedKey())
        .isEqualTo(ScramSecret.derive("pencil", first.salt(), 16).storedKey());
    assertThat(credentials.derive(SALT, 16)).isSameAs(first);
  }

  @Test
  void derivesAgainWhenTheIterationCountHasChanged() {
    Credentials credentials = new Credentials("pencil");
    ScramSecret first = requireNonNull(credentials.derive(SALT, 16));
    ScramSecret second = requireNonNull(credentials.derive(SALT, 17));
    assertThat(second.iterations()).isEqualTo(17);
    assertThat(second.print()).isNotEqualTo(first.print());
  }

  @Test
  void isEqualWhenTheSecretIsEqual() {
    assertThat(new Credentials("pencil"))
        .isEqualTo(new Credentials("pencil"))
        .hasSameHashCodeAs(new Credentials("pencil"))
        .isNotEqualTo(new Credentials("pen"))
        .isNotEqualTo("pencil");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pencil", "", "md5012345678901234567890123456789ab"})
  void hidesTheSecret(String stored) {
    assertThat(new Credentials(stored)).hasToString("Credentials[****]");
  }
}
