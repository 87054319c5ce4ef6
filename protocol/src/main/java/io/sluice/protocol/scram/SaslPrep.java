package io.sluice.protocol.scram;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * Prepares a password for SCRAM (RFC 4013), as PostgreSQL does: a password that the profile forbids
 * is used as it is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4013">RFC 4013</a>
 */
final class SaslPrep {
  private SaslPrep() {}

  /** The bytes of the prepared password. */
  static byte[] prepare(String password) {
    if (isAscii(password)) {
      return password.getBytes(StandardCharsets.UTF_8);
    }
    StringBuilder mapped = new StringBuilder();
    password.codePoints().forEach(c -> map(mapped, c));
    // Not the normalized text, as the RFC has it, but what goes into it is judged: so does
    // PostgreSQL, and a password must come out the same here and there.
    boolean forbidden =
        mapped.isEmpty()
            || mapped.codePoints().anyMatch(SaslPrep::isForbidden)
            || mixesDirections(mapped.toString());
    String prepared = forbidden ? password : Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    return prepared.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static void map(StringBuilder out, int c) {
    if (isBlank(c)) {
      out.append(' ');
    } else if (!isMappedToNothing(c)) {
      out.appendCodePoint(c);
    }
  }

  /** RFC 3454 table C.1.2. */
  private static boolean isBlank(int c) {
    return c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200B)
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /** RFC 3454 table B.1. */
  private static boolean isMappedToNothing(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || (c >= 0x180B && c <= 0x180D)
        || c == 0x200C
        || c == 0x200D
        || c == 0x2060
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0xFEFF;
  }

  /** Control, private, surrogate, unassigned and layout characters: tables A.1 and C.2 to C.9. */
  private static boolean isForbidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.PRIVATE_USE
        || type == Character.SURROGATE
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (c >= 0xFFF9 && c <= 0xFFFD)
        || (c >= 0x2FF0 && c <= 0x2FFB)
        || c == 0x340
        || c == 0x341
        || UnassignedCharacters.contains(c);
  }

  /** RFC 3454 section 6: right-to-left text stands alone and at both ends. */
  private static boolean mixesDirections(String text) {
    boolean right = text.codePoints().anyMatch(SaslPrep::isRightToLeft);
    if (!right) {
      return false;
    }
    return text.codePoints().anyMatch(SaslPrep::isLeftToRight)
        || !isRightToLeft(text.codePointAt(0))
        || !isRightToLeft(text.codePointBefore(text.length()));
  }

  /** RFC 3454 table D.2: the JDK's directions, and those that Unicode 3.2 had otherwise. */
  private static boolean isLeftToRight(int c) {
    if (isLeftToRightOnlyLater(c)) {
      return false;
    }
    return Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT
        || isLeftToRightOnlyIn32(c);
  }

  /** Braille and a few others, to which Unicode gave the direction after 3.2. */
  private static boolean isLeftToRightOnlyLater(int c) {
    return (c >= 0x2800 && c <= 0x28FF)
        || c == 0xCBF
        || c == 0xCC6
        || c == 0x1734
        || c == 0x2132
        || c == 0x302E
        || c == 0x302F;
  }

  /** Signs and mathematical letters from which Unicode took the direction after 3.2. */
  private static boolean isLeftToRightOnlyIn32(int c) {
    return (c >= 0x1D6A8 && c <= 0x1D7C9)
        || c == 0x17B4
        || c == 0x17B5
        || c == 0x1885
        || c == 0x1886;
  }

  /** RFC 3454 table D.1. */
  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
