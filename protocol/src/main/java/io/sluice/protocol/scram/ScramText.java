package io.sluice.protocol.scram;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Reads the attributes of a SCRAM message ({@code r=…,s=…,i=…}), strictly in order. */
final class ScramText {
  /** No message of an honest peer is longer. */
  private static final int MAX_BYTES = 4096;

  private final String text;
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
   * Takes the next attribute, which must have this name.
   *
   * @throws ScramFailure if it is another, or has no value
   */
  String take(char name) {
    int end = text.indexOf(',', position);
    end = end < 0 ? text.length() : end;
    boolean shaped =
        end - position >= 2 && text.charAt(position) == name && text.charAt(position + 1) == '=';
    if (!shaped) {
      throw new ScramFailure("attribute " + name + " is missing");
    }
    String value = text.substring(position + 2, end);
    position = Math.min(end + 1, text.length());
    return value;
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

  /** The part that was not taken yet. */
  String rest() {
    return text.substring(position);
  }

  /** Skips extensions that may follow; an unknown mandatory one is refused. */
  void skipExtensions() {
    while (position < text.length()) {
      if (text.charAt(position) == 'm') {
        throw new ScramFailure("mandatory extension");
      }
      int end = text.indexOf(',', position);
      position = end < 0 ? text.length() : end + 1;
    }
  }

  /** The message without its last attribute and the comma before it. */
  String withoutLast(char name) {
    int start = text.lastIndexOf("," + name + "=");
    if (start < 0) {
      throw new ScramFailure("attribute " + name + " is missing");
    }
    return text.substring(0, start);
  }

  /** Fails when something is left. */
  void end() {
    if (position < text.length()) {
      throw new ScramFailure("message with something behind its end");
    }
  }

  /** Reads base64. */
  static byte[] base64(String value) {
    try {
      return Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException broken) {
      throw new ScramFailure("broken base64");
    }
  }

  /** A nonce is printable and has no comma. */
  static String nonce(String value) {
    boolean printable = !value.isEmpty() && value.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (!printable) {
      throw new ScramFailure("broken nonce");
    }
    return value;
  }
}
