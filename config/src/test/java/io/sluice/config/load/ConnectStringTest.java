package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Parsed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectStringTest {
  @Test
  void splitsBareAndQuotedPairs() {
    assertThat(pairs(" a=1  b = 'two ''words''' c='x=y' d=e=f "))
        .containsExactly(
            new ConnectString.Pair("a", "1"),
            new ConnectString.Pair("b", "two 'words'"),
            new ConnectString.Pair("c", "x=y"),
            new ConnectString.Pair("d", "e=f"));
  }

  @Test
  void keepsBackslashesAndDoubleQuotes() {
    assertThat(pairs("a=\"b\\c\" d='\\'")).hasSize(2);
    assertThat(pairs("a=\"b\\c\"").get(0).value()).isEqualTo("\"b\\c\"");
  }

  @Test
  void hasNoPairsInNothing() {
    assertThat(pairs("  ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a b=1", "=1", "a=", "a= ", "a=''", "a='b", "a='b'c", "a=1 b", "a='"})
  void refusesWhatIsNoPair(String text) {
    assertThat(ConnectString.parse(text)).isInstanceOf(Parsed.Bad.class);
  }

  private static List<ConnectString.Pair> pairs(String text) {
    Parsed<List<ConnectString.Pair>> parsed = ConnectString.parse(text);
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return ((Parsed.Good<List<ConnectString.Pair>>) parsed).value();
  }
}
