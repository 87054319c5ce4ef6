package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTypesTest {
  @Test
  void nameTheMessagesOfClients() {
    assertThat(letters(FrontendType.class)).isEqualTo("BCDEFHPQSXcdfp");
    assertThat(FrontendType.describe((byte) 'B')).isEqualTo("Bind");
    assertThat(FrontendType.describe((byte) 'E')).isEqualTo("Execute");
    assertThat(FrontendType.describe((byte) 'S')).isEqualTo("Sync");
  }

  @Test
  void nameTheMessagesOfServers() {
    assertThat(letters(BackendType.class)).isEqualTo("123ACDEGHIKNRSTVWZcdfnstv");
    assertThat(BackendType.describe((byte) 'E')).isEqualTo("ErrorResponse");
    assertThat(BackendType.describe((byte) 'S')).isEqualTo("ParameterStatus");
    assertThat(BackendType.describe((byte) 's')).isEqualTo("PortalSuspended");
  }

  @ParameterizedTest
  @ValueSource(classes = {FrontendType.class, BackendType.class})
  void describeEachConstantByTheManualsName(Class<?> types) throws ReflectiveOperationException {
    Set<String> names = new HashSet<>();
    for (Field constant : types.getFields()) {
      String name =
          (String) types.getMethod("describe", byte.class).invoke(null, constant.getByte(null));
      assertThat(names.add(name)).as(name).isTrue();
      if (!name.equals("PasswordMessage")) {
        assertThat(constant.getName().replace("_", "")).isEqualTo(name.toUpperCase(Locale.ROOT));
      }
    }
  }

  @Test
  void describeUnknownBytesInHex() {
    assertThat(FrontendType.describe((byte) 0x80)).isEqualTo("unknown (0x80)");
    assertThat(BackendType.describe((byte) 7)).isEqualTo("unknown (0x07)");
  }

  @ParameterizedTest
  @ValueSource(bytes = {'I', 'T', 'E'})
  void acceptTheTransactionStatusesOfPostgres(byte status) {
    assertThat(TransactionStatus.isValid(status)).isTrue();
    assertThat(TransactionStatus.isValid((byte) (status + 1))).isFalse();
  }

  private static String letters(Class<?> types) {
    return Arrays.stream(types.getFields())
        .map(MessageTypesTest::letter)
        .sorted()
        .reduce("", String::concat);
  }

  private static String letter(Field constant) {
    try {
      return String.valueOf((char) constant.getByte(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
