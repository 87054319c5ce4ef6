package io.sluice.config.setting;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What became of a text: a value, or the reason why there is none.
 *
 * @param <T> type of the value
 */
public sealed interface Parsed<T> {

  /** The text was understood. */
  record Good<T>(T value) implements Parsed<T> {
    public Good {
      requireNonNull(value, "value");
    }
  }

  /**
   * The text was refused. The sentence never repeats the text, which may be a secret.
   *
   * @param sentence what is wrong, lower case, no full stop
   * @param hint what to write instead
   */
  record Bad<T>(String sentence, @Nullable String hint) implements Parsed<T> {
    public Bad {
      requireNonNull(sentence, "sentence");
    }
  }

  /** Makes a good outcome. */
  static <T> Parsed<T> good(T value) {
    return new Good<>(value);
  }

  /** Makes a refusal without a hint. */
  static <T> Parsed<T> bad(String sentence) {
    return new Bad<>(sentence, null);
  }

  /** Makes a refusal with a hint. */
  static <T> Parsed<T> bad(String sentence, String hint) {
    return new Bad<>(sentence, hint);
  }
}
