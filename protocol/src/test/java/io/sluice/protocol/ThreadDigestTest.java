package io.sluice.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThreadDigestTest {
  private static final String OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";
  private static final String OF_ABC = "900150983cd24fb0d6963f7d28e17f72";

  private final ThreadDigest md5 = new ThreadDigest("MD5");

  @Test
  void digestsWhatItIsGivenAsOne() {
    assertThat(hex(text("abc"))).isEqualTo(OF_ABC);
    assertThat(hex(text("a"), text(""), text("bc"))).isEqualTo(OF_ABC);
    assertThat(hex()).isEqualTo(OF_NOTHING);
  }

  @Test
  void keepsNothingOfWhatCouldNotBeDigested() {
    byte[][] parts = {text("abc"), null};
    assertThatThrownBy(() -> md5.of(parts)).isInstanceOf(NullPointerException.class);
    assertThat(hex()).isEqualTo(OF_NOTHING);
  }

  @Test
  void servesManyThreads() {
    assertThat(IntStream.range(0, 100_000).parallel().mapToObj(i -> hex(text("abc"))).distinct())
        .containsExactly(OF_ABC);
  }

  @Test
  void namesAnAlgorithmThatIsMissing() {
    ThreadDigest missing = new ThreadDigest("MD0");
    assertThatThrownBy(missing::of)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MD0");
  }

  private String hex(byte[]... parts) {
    return HexFormat.of().formatHex(md5.of(parts));
  }

  private static byte[] text(String text) {
    return text.getBytes(US_ASCII);
  }
}
