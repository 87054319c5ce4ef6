package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ThreadDigestTest {
  private static final String OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";

  private final ThreadDigest md5 = new ThreadDigest("MD5");

  @Test
  void beginsEmptyAfterWhatWasLeftUnfinished() {
    md5.begin().update(new byte[100]);
    assertThat(HexFormat.of().formatHex(md5.begin().digest())).isEqualTo(OF_NOTHING);
  }

  @Test
  void isNotSharedBetweenThreads() {
    MessageDigest ours = md5.begin();
    assertThat(md5.begin()).isSameAs(ours);
    assertThat(CompletableFuture.supplyAsync(md5::begin).join()).isNotSameAs(ours);
  }

  @Test
  void namesAnAlgorithmThatIsMissing() {
    ThreadDigest missing = new ThreadDigest("MD0");
    assertThatThrownBy(missing::begin)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MD0");
  }
}
