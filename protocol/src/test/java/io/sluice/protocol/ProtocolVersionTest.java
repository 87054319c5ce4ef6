package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolVersionTest {
  @Test
  void isTwoHalvesOfTheCode() {
    assertThat(ProtocolVersion.V3_0.code()).isEqualTo(0x0003_0000);
    assertThat(ProtocolVersion.V3_2.code()).isEqualTo(0x0003_0002);
    assertThat(ProtocolVersion.of(0x0003_0002)).isEqualTo(ProtocolVersion.V3_2);
    assertThat(ProtocolVersion.V3_2).hasToString("3.2");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 80877103, 0x0003_ffff})
  void survivesTheWayThereAndBack(int code) {
    assertThat(ProtocolVersion.of(code).code()).isEqualTo(code);
  }

  @Test
  void refusesNumbersAbove16Bits() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolVersion(0x10000, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ProtocolVersion(3, -1));
  }
}
