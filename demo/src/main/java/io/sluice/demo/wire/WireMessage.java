package io.sluice.demo.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One message from the server, whole: its type and its body without type and length. Immutable. */
public final class WireMessage {
  private final char type;
  private final byte[] body;

  /** Takes the bytes over. */
  WireMessage(char type, byte[] body) {
    this.type = type;
    this.body = body;
  }

  /** Returns the type byte: {@code 'R'}, {@code 'Z'}, … */
  public char type() {
    return type;
  }

  /** Returns a copy of the body. */
  public byte[] body() {
    return body.clone();
  }

  /** Reads the 32-bit number at an offset of the body. */
  public int int32(int offset) {
    return ByteBuffer.wrap(body).getInt(offset);
  }

  /** Reads the bytes from an offset of the body to its end. */
  public byte[] bytesFrom(int offset) {
    return Arrays.copyOfRange(body, offset, body.length);
  }

  /** Reads all zero-terminated strings from an offset of the body to its end. */
  public List<String> cstrsFrom(int offset) {
    List<String> texts = new ArrayList<>();
    int start = offset;
    for (int i = offset; i < body.length; i++) {
      if (body[i] == 0) {
        texts.add(new String(body, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    return texts;
  }

  /** Reads the fields of an ErrorResponse or NoticeResponse: {@code (byte code | cstr)* | 0}. */
  public Map<Character, String> fields() {
    Map<Character, String> fields = new LinkedHashMap<>();
    for (String field : cstrsFrom(0)) {
      if (!field.isEmpty()) {
        fields.put(field.charAt(0), field.substring(1));
      }
    }
    return fields;
  }

  /** Reads a RowDescription: {@code int16 n | n x (cstr | int32 int16 int32 int16 int32 int16)}. */
  public List<WireColumn> columns() {
    ByteBuffer in = ByteBuffer.wrap(body);
    List<WireColumn> columns = new ArrayList<>();
    for (int left = in.getShort(); left > 0; left--) {
      String name = cstr(in);
      in.getInt();
      in.getShort();
      int typeOid = in.getInt();
      short typeLength = in.getShort();
      in.getInt();
      columns.add(new WireColumn(name, typeOid, typeLength, in.getShort()));
    }
    return columns;
  }

  /** Reads a DataRow as text: {@code int16 n | n x (int32 length or -1 | bytes)}. */
  public List<@Nullable String> values() {
    ByteBuffer in = ByteBuffer.wrap(body);
    List<@Nullable String> values = new ArrayList<>();
    for (int left = in.getShort(); left > 0; left--) {
      int length = in.getInt();
      values.add(length < 0 ? null : text(in, length));
    }
    return values;
  }

  private static String cstr(ByteBuffer in) {
    int length = 0;
    while (in.get(in.position() + length) != 0) {
      length++;
    }
    String text = text(in, length);
    in.get();
    return text;
  }

  private static String text(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WireMessage that && type == that.type && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, Arrays.hashCode(body));
  }

  @Override
  public String toString() {
    return switch (type) {
      case 'E', 'N' -> type + fields().toString();
      case 'C', 'S', 'v' -> type + cstrsFrom(0).toString();
      case 'Z' -> "Z[" + (char) body[0] + "]";
      default -> type + "(" + body.length + " bytes)";
    };
  }
}
