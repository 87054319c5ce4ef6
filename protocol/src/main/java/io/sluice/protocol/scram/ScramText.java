package io.sluice.protocol.scram;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** Reads the attributes of a SCRAM message ({@code r=…,s=…,i=…}), strictly in order. */
final class ScramText {
  /** No message of an honest peer is longer. */
  private static final int MAX_BYTES = 4096;

  private static final int NONCE_BYTES = 18;

  /** The first character behind those of ASCII that can be printed. */
  private static final char DELETE = 0x7f;

  /** The attributes of RFC 5802, none of which can be an extension. */
  private static final String KNOWN_ATTRIBUTES = "aceimnprsv";

  private final String text;

  /** Where the next attribute begins; behind the end of the text when there is none. */
  private int position;

  /**
   * Takes a message.
   *
   * @throws ScramFailure if it is too long or not UTF-8
   */
  ScramText(byte[] message) {
    if (message.length > MAX_BYTES) {
      throw new ScramFailure("message of " + message.length + " bytes");
    }
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException broken) {
      throw new ScramFailure("message is not UTF-8");
    }
    if (text.indexOf('\0') >= 0) {
      throw new ScramFailure("message with a zero byte");
    }
  }

  /**
   * Takes the value of the next attribute, which must have this name; the value may be empty.
   *
   * @throws ScramFailure if it is another, or none
   */
  String take(char name) {
    if (!isNext(name)) {
      throw new ScramFailure("attribute " + name + " is missing");
    }
    int end = commaFrom(position);
    String value = text.substring(position + 2, end);
    position = end + 1;
    return value;
  }

  private int commaFrom(int from) {
    int comma = text.indexOf(',', from);
    return comma < 0 ? text.length() : comma;
  }

  /** Says whether the next attribute has this name. */
  boolean isNext(char name) {
    return position + 1 < text.length()
        && text.charAt(position) == name
        && text.charAt(position + 1) == '=';
  }

  /** Takes everything up to the next comma, which may be empty. */
  String takeRaw() {
    int end = text.indexOf(',', position);
    if (end < 0) {
      throw new ScramFailure("message ends too early");
    }
    String value = text.substring(position, end);
    position = end + 1;
    return value;
  }

  /** The part that was not taken yet; empty at the end. */
  String rest() {
    return text.substring(Math.min(position, text.length()));
  }

  /** The attributes that were taken so far, without the comma behind them. */
  String taken() {
    return text.substring(0, position - 1);
  }

  /**
   * Skips the optional extensions up to the end of the message.
   *
   * @throws ScramFailure if one is mandatory, is no {@code letter=value}, or has a known name
   */
  void skipExtensions() {
    while (hasNext()) {
      skipExtension();
    }
  }

  /**
   * Skips the optional extensions before an attribute.
   *
   * @throws ScramFailure if one is mandatory, is no {@code letter=value}, or has a known name, or
   *     if the attribute does not come
   */
  void skipExtensionsBefore(char name) {
    while (!isNext(name)) {
      if (!hasNext()) {
        throw new ScramFailure("attribute " + name + " is missing");
      }
      skipExtension();
    }
  }

  private boolean hasNext() {
    return position <= text.length();
  }

  private void skipExtension() {
    int end = commaFrom(position);
    boolean shaped =
        end - position > 2 && isLetter(text.charAt(position)) && text.charAt(position + 1) == '=';
    if (!shaped) {
      throw new ScramFailure("broken extension");
    }
    if (text.charAt(position) == 'm') {
      throw new ScramFailure("mandatory extension");
    }
    if (KNOWN_ATTRIBUTES.indexOf(text.charAt(position)) >= 0) {
      throw new ScramFailure("attribute " + text.charAt(position) + " is out of place");
    }
    position = end + 1;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /**
   * Ends the message.
   *
   * @throws ScramFailure if something is left
   */
  void end() {
    if (hasNext()) {
      throw new ScramFailure("message with something behind its end");
    }
  }

  /**
   * Reads base64 with all its padding.
   *
   * @throws ScramFailure if it is broken
   */
  static byte[] base64(String value) {
    // The JDK's decoder does not insist on the padding.
    if (value.length() % 4 != 0) {
      throw new ScramFailure("broken base64");
    }
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException broken) {
      throw new ScramFailure("broken base64");
    }
  }

  /** Makes a nonce as long as PostgreSQL's: 18 random bytes in base64. */
  static String newNonce(SecureRandom random) {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A nonce is printable and has no comma. */
  static String nonce(String value) {
    boolean printable = !value.isEmpty();
    for (int i = 0; i < value.length(); i++) {
      printable &= value.charAt(i) > ' ' && value.charAt(i) < DELETE;
    }
    if (!printable) {
      throw new ScramFailure("broken nonce");
    }
    return value;
  }
}
