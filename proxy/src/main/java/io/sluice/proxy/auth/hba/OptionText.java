package io.sluice.proxy.auth.hba;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options as they stand behind a method, without a rule: {@code name=value name="value" …}. */
public final class OptionText {
  private OptionText() {}

  /** Cuts the text into options; null when a word is none. */
  public static @Nullable Map<String, String> parse(String text) {
    Map<String, String> options = new LinkedHashMap<>();
    for (List<HbaToken> field : new LineReader(text).fields()) {
      for (HbaToken token : field) {
        int sign = token.text().indexOf('=');
        if (sign < 0) {
          return null;
        }
        options.put(token.text().substring(0, sign), token.text().substring(sign + 1));
      }
    }
    return options;
  }
}
