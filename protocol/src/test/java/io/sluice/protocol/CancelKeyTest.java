package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelKeyTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 32, 255, 256})
  void takesSecretsOfEveryLengthOfTheProtocol(int lengthBytes) {
    assertThat(new CancelKey(7, new byte[lengthBytes]).secret()).hasSize(lengthBytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 257})
  void refusesSecretsOfOtherLengths(int lengthBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CancelKey(7, new byte[lengthBytes]))
        .withMessage("cancel secret of " + lengthBytes + " bytes");
  }

  @Test
  void cannotBeChangedFromOutside() {
    byte[] secret = {1, 2, 3, 4};
    CancelKey key = new CancelKey(7, secret);
    secret[0] = 9;
    key.secret()[1] = 9;
    assertThat(key.secret()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void isEqualWhenEveryByteIs() {
    CancelKey key = new CancelKey(7, new byte[] {1, 2, 3, 4});
    assertThat(key)
        .isEqualTo(new CancelKey(7, new byte[] {1, 2, 3, 4}))
        .hasSameHashCodeAs(new CancelKey(7, new byte[] {1, 2, 3, 4}))
        .isNotEqualTo(new CancelKey(8, new byte[] {1, 2, 3, 4}))
        .isNotEqualTo(new CancelKey(7, new byte[] {1, 2, 3, 5}))
        .isNotEqualTo(new CancelKey(7, new byte[] {0, 2, 3, 4}))
        .isNotEqualTo(new CancelKey(7, new byte[] {1, 2, 3, 4, 0}))
        .isNotEqualTo("key");
  }

  @Test
  void hidesTheSecret() {
    assertThat(new CancelKey(7, new byte[] {65, 66, 67, 68}))
        .hasToString("CancelKey[processId=7, secret=****]");
  }

  @Test
  void isRandomWithAPositiveProcessId() {
    SecureRandom random = new SecureRandom();
    CancelKey previous = CancelKey.random(random);
    for (int i = 0; i < 100; i++) {
      CancelKey key = CancelKey.random(random);
      assertThat(key.processId()).isPositive();
      assertThat(key.secret()).hasSize(4);
      assertThat(key).isNotEqualTo(previous);
      previous = key;
    }
  }

  @Test
  void clearsTheTopBitAndNeverTakesProcessIdZero() {
    int[] numbers = {0, Integer.MIN_VALUE, -2};
    SecureRandom fixed =
        new SecureRandom() {
          private static final long serialVersionUID = 1L;
          private int next;

          @Override
          public int nextInt() {
            return numbers[next++];
          }
        };
    assertThat(CancelKey.random(fixed).processId()).isEqualTo(0x7fff_fffe);
  }
}
