package io.sluice.config.value;

import static io.sluice.config.value.TlsVersion.TLS_1_0;
import static io.sluice.config.value.TlsVersion.TLS_1_1;
import static io.sluice.config.value.TlsVersion.TLS_1_2;
import static io.sluice.config.value.TlsVersion.TLS_1_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TlsVersionTest {
  @Test
  void readsTheWordsOfPgBouncer() {
    assertThat(TlsVersion.parse(List.of("secure"))).containsExactly(TLS_1_2, TLS_1_3);
    assertThat(TlsVersion.parse(List.of("default"))).containsExactly(TLS_1_2, TLS_1_3);
    assertThat(TlsVersion.parse(List.of("tlsv1"))).containsExactly(TlsVersion.values());
    assertThat(TlsVersion.parse(List.of("ALL", "!tlsv1.0", "!tlsv1.1")))
        .containsExactly(TLS_1_2, TLS_1_3);
    assertThat(TlsVersion.parse(List.of("tlsv1.1", "TLSv1.0"))).containsExactly(TLS_1_0, TLS_1_1);
  }

  @Test
  void refusesWordsThatNobodyKnowsAndListsThatLeaveNothing() {
    assertThatThrownBy(() -> TlsVersion.parse(List.of("ssl3")))
        .hasMessage("unknown version of TLS: ssl3");
    assertThatThrownBy(() -> TlsVersion.parse(List.of("secure", "!secure")))
        .hasMessage("no version of TLS is left: secure,!secure");
  }
}
