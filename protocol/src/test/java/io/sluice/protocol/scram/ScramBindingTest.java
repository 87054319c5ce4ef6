package io.sluice.protocol.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramBindingTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] HASH = {1, 2, 3, -1};
  private static final byte[] OTHER_HASH = {1, 2, 3, -2};
  private static final ScramSecret SECRET =
      ScramSecret.derive("pencil", "salt of sixteen!".getBytes(StandardCharsets.US_ASCII), 16);

  private static void exchange(ScramBinding client, ScramBinding server) {
    ScramClient prover = ScramClient.withPassword("pencil", client, RANDOM);
    ScramServer verifier = new ScramServer(SECRET, server, RANDOM);
    byte[] first = verifier.onClientFirst(prover.clientFirst());
    prover.onServerFinal(verifier.onClientFinal(prover.onServerFirst(first)));
  }

  @Test
  void bindsAnExchangeToACertificate() {
    assertThatCode(() -> exchange(ScramBinding.to(HASH), ScramBinding.to(HASH)))
        .doesNotThrowAnyException();
  }

  @Test
  void findsSomebodyWithAnotherCertificateInBetween() {
    assertThatThrownBy(() -> exchange(ScramBinding.to(HASH), ScramBinding.to(OTHER_HASH)))
        .isInstanceOf(ScramFailure.class)
        .hasMessage("channel binding does not match");
  }

  @Test
  void findsSomebodyWhoHidesTheBetterMechanism() {
    assertThatThrownBy(() -> exchange(ScramBinding.UNUSED, ScramBinding.UNUSED))
        .isInstanceOf(ScramFailure.class)
        .hasMessageStartingWith("downgrade");
  }

  @Test
  void letsAClientDoWithoutItWhereItMay() {
    assertThatCode(() -> exchange(ScramBinding.NONE, ScramBinding.NONE)).doesNotThrowAnyException();
    assertThatCode(() -> exchange(ScramBinding.NONE, ScramBinding.UNUSED))
        .doesNotThrowAnyException();
    assertThatCode(() -> exchange(ScramBinding.UNUSED, ScramBinding.NONE))
        .doesNotThrowAnyException();
  }

  @Test
  void wantsWhatWasChosen() {
    assertThatThrownBy(() -> exchange(ScramBinding.NONE, ScramBinding.to(HASH)))
        .hasMessage("channel binding was chosen and not used");
    assertThatThrownBy(() -> exchange(ScramBinding.UNUSED, ScramBinding.to(HASH)))
        .hasMessage("channel binding was chosen and not used");
    assertThatThrownBy(() -> exchange(ScramBinding.to(HASH), ScramBinding.NONE))
        .hasMessage("channel binding is not offered");
    assertThatThrownBy(() -> exchange(ScramBinding.to(HASH), ScramBinding.UNUSED))
        .hasMessage("channel binding is not offered");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"p=tls-unique", "p=tls-exporter", "p=", "p", "P=tls-server-end-point", ""})
  void knowsOneKindOfBinding(String flag) {
    ScramServer server = new ScramServer(SECRET, ScramBinding.to(HASH), RANDOM);
    byte[] message = (flag + ",,n=,r=abc").getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> server.onClientFirst(message)).isInstanceOf(ScramFailure.class);
  }

  @Test
  void putsHeaderAndHashIntoTheProof() {
    ScramBinding binding = ScramBinding.to(HASH);
    byte[] input = Base64.getDecoder().decode(binding.attribute(binding.header()));
    assertThat(new String(input, StandardCharsets.ISO_8859_1))
        .isEqualTo("p=tls-server-end-point,,\u0001\u0002\u0003\u00ff");
    assertThat(ScramBinding.NONE.attribute("n,,")).isEqualTo("biws");
    assertThat(ScramBinding.UNUSED.attribute("y,,")).isEqualTo("eSws");
  }
}
