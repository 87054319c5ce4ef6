package io.sluice.proxy.fake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.write.BackendWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** The bytes of messages, well formed or not. */
public final class Wire {
  private static final int PROTOCOL_3_0 = 196_608;

  private Wire() {}

  /** {@code byte type | int32 length | body}. */
  public static byte[] message(char type, byte[]... parts) {
    byte[] body = join(parts);
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  /** A header that claims a length. */
  public static byte[] header(char type, int length) {
    return ByteBuffer.allocate(5).put((byte) type).putInt(length).array();
  }

  /** Everything behind one another. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Parts behind one another, numbered from 0, until there are so many bytes. */
  public static byte[] fill(int bytes, IntFunction<byte[]> part) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; all.size() < bytes; i++) {
      all.writeBytes(part.apply(i));
    }
    return all.toByteArray();
  }

  /** A string with its NUL. */
  public static byte[] cstr(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] int16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  // ---- from clients

  /** StartupMessage with parameters in pairs. */
  public static byte[] startup(String... parameters) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(int32(PROTOCOL_3_0));
    for (String text : parameters) {
      body.writeBytes(cstr(text));
    }
    body.write(0);
    return join(int32(4 + body.size()), body.toByteArray());
  }

  public static byte[] query(String sql) {
    return message('Q', cstr(sql));
  }

  public static byte[] parse(String name, String sql) {
    return message('P', cstr(name), cstr(sql), int16(0));
  }

  /** Bind without parameters. */
  public static byte[] bind(String statement) {
    return message('B', cstr(""), cstr(statement), int16(0), int16(0), int16(0));
  }

  public static byte[] describe(String statement) {
    return message('D', new byte[] {'S'}, cstr(statement));
  }

  public static byte[] close(String statement) {
    return message('C', new byte[] {'S'}, cstr(statement));
  }

  public static byte[] execute() {
    return message('E', cstr(""), int32(0));
  }

  public static byte[] sync() {
    return message('S');
  }

  public static byte[] flush() {
    return message('H');
  }

  public static byte[] password(String password) {
    return message('p', cstr(password));
  }

  // ---- from servers

  public static byte[] ready(char status) {
    return message('Z', new byte[] {(byte) status});
  }

  public static byte[] complete(String tag) {
    return message('C', cstr(tag));
  }

  public static byte[] parameter(String name, String value) {
    return message('S', cstr(name), cstr(value));
  }

  public static byte[] error(String sqlState, String text) {
    return written(out -> BackendWriter.error(out, "ERROR", sqlState, text));
  }

  public static byte[] notice(String text) {
    return written(out -> BackendWriter.notice(out, "00000", text, null));
  }

  /** A DataRow with one value of a size. */
  public static byte[] row(int bytes) {
    return message('D', int16(1), int32(bytes), new byte[bytes]);
  }

  /** CopyInResponse for text without columns. */
  public static byte[] copyIn() {
    return message('G', new byte[] {0}, int16(0));
  }

  private static byte[] written(Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    return ByteBufUtil.getBytes(out);
  }
}
