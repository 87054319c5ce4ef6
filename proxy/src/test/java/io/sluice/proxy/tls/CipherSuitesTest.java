package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CipherSuitesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "default", "secure", "NORMAL", "fast"})
  void leavesTheChoiceToUs(String word) throws TlsFailure {
    assertThat(CipherSuites.parse(word)).isNull();
  }

  @Test
  void knowsNamesOfBothKinds() throws TlsFailure {
    assertThat(
            CipherSuites.parse("ECDHE-RSA-AES128-GCM-SHA256:TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
        .containsExactly(
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
  }

  @Test
  void knowsGroupsAndTakesThemAway() throws TlsFailure {
    assertThat(CipherSuites.parse("HIGH:MEDIUM:+3DES:!aNULL"))
        .hasSize(27)
        .startsWith("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assertThat(CipherSuites.parse("ECDHE+AESGCM:!AES256"))
        .containsExactly(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assertThat(CipherSuites.parse("kRSA+AESGCM:ECDHE+ECDSA+CHACHA20:+AES256"))
        .containsExactly(
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_RSA_WITH_AES_256_GCM_SHA384");
  }

  @Test
  void canTakeBackWhatWasRemovedButNotWhatWasBanned() throws TlsFailure {
    assertThat(CipherSuites.parse("AES128-SHA:AES256-SHA:-AES128-SHA:AES128-SHA"))
        .containsExactly("TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA");
    assertThat(CipherSuites.parse("AES128-SHA:AES256-SHA:!AES128-SHA:AES128-SHA"))
        .containsExactly("TLS_RSA_WITH_AES_256_CBC_SHA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RC4-MD5", "!ALL", "HIGH:!HIGH", ":", "aNULL:eNULL"})
  void refusesToLeaveNothing(String list) {
    assertThatThrownBy(() -> CipherSuites.parse(list)).hasMessageContaining("no cipher suite");
  }

  @Test
  void offersClientsForwardSecrecyAndAuthenticatedEncryptionOnly() {
    assertThat(CipherSuites.forwardSecret())
        .hasSize(6)
        .allMatch(suite -> suite.startsWith("TLS_ECDHE_"))
        .allMatch(suite -> suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_"));
  }

  @Test
  void knowsTheSuitesOfTls13() throws TlsFailure {
    assertThat(CipherSuites.parseTls13("")).isEqualTo(CipherSuites.TLS13);
    assertThat(CipherSuites.parseTls13("TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"))
        .containsExactly("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
    assertThatThrownBy(() -> CipherSuites.parseTls13("TLS_MADE_UP"))
        .hasMessage("unknown cipher suite of TLS 1.3: TLS_MADE_UP");
  }

  @Test
  void saysOpenSslsNames() {
    assertThat(CipherSuites.openSslName("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
        .isEqualTo("ECDHE-RSA-AES128-GCM-SHA256");
    assertThat(CipherSuites.openSslName("TLS_AES_128_GCM_SHA256"))
        .isEqualTo("TLS_AES_128_GCM_SHA256");
  }
}
