package io.sluice.protocol.write;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.ProtocolVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages that PostgreSQL is sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public final class FrontendWriter {
  private static final int SSL_REQUEST = 80877103;
  private static final int CANCEL_REQUEST = 80877102;

  private FrontendWriter() {}

  /** {@code int32 length | int32 version | (cstr name | cstr value)* | byte 0}. */
  public static void startup(ByteBuf out, ProtocolVersion version, Map<String, String> parameters) {
    int start = out.writerIndex();
    out.writeInt(0);
    out.writeInt(version.code());
    parameters.forEach(
        (name, value) -> {
          CStrings.write(out, name);
          CStrings.write(out, value);
        });
    out.writeByte(0);
    out.setInt(start, out.writerIndex() - start);
  }

  /** {@code int32 8 | int32 80877103}. */
  public static void sslRequest(ByteBuf out) {
    out.writeInt(2 * Integer.BYTES);
    out.writeInt(SSL_REQUEST);
  }

  /** {@code int32 length | int32 80877102 | int32 process id | bytes secret}. */
  public static void cancelRequest(ByteBuf out, CancelKey key) {
    byte[] secret = key.secret();
    out.writeInt(3 * Integer.BYTES + secret.length);
    out.writeInt(CANCEL_REQUEST);
    out.writeInt(key.processId());
    out.writeBytes(secret);
  }

  /** {@code 'p' | int32 length | cstr password}. */
  public static void password(ByteBuf out, CharSequence password) {
    int start = Frames.begin(out, FrontendType.PASSWORD);
    CStrings.write(out, password);
    Frames.end(out, start);
  }

  /** {@code 'p' | int32 length | cstr mechanism | int32 n | n bytes}. */
  public static void saslInitialResponse(ByteBuf out, String mechanism, byte[] data) {
    int start = Frames.begin(out, FrontendType.PASSWORD);
    CStrings.write(out, mechanism);
    out.writeInt(data.length);
    out.writeBytes(data);
    Frames.end(out, start);
  }

  /** {@code 'p' | int32 length | bytes}. */
  public static void saslResponse(ByteBuf out, byte[] data) {
    int start = Frames.begin(out, FrontendType.PASSWORD);
    out.writeBytes(data);
    Frames.end(out, start);
  }

  /** {@code 'Q' | int32 length | cstr sql}. */
  public static void query(ByteBuf out, CharSequence sql) {
    int start = Frames.begin(out, FrontendType.QUERY);
    CStrings.write(out, sql);
    Frames.end(out, start);
  }

  /** {@code 'P' | int32 length | cstr name | cstr sql | int16 0}: no parameter types. */
  public static void parse(ByteBuf out, CharSequence name, CharSequence sql) {
    int start = Frames.begin(out, FrontendType.PARSE);
    CStrings.write(out, name);
    CStrings.write(out, sql);
    out.writeShort(0);
    Frames.end(out, start);
  }

  /**
   * {@code 'B' | int32 length | cstr portal | cstr statement | int16 0 | int16 n | n × (int32
   * length | bytes) | int16 0}: parameters and results as text.
   */
  public static void bind(
      ByteBuf out,
      CharSequence portal,
      CharSequence statement,
      List<byte @Nullable []> parameters) {
    int start = Frames.begin(out, FrontendType.BIND);
    CStrings.write(out, portal);
    CStrings.write(out, statement);
    out.writeShort(0);
    out.writeShort(parameters.size());
    for (byte[] parameter : parameters) {
      if (parameter == null) {
        out.writeInt(-1);
      } else {
        out.writeInt(parameter.length);
        out.writeBytes(parameter);
      }
    }
    out.writeShort(0);
    Frames.end(out, start);
  }

  /** {@code 'D' | int32 length | 'S' | cstr name}. */
  public static void describeStatement(ByteBuf out, CharSequence name) {
    named(out, FrontendType.DESCRIBE, 'S', name);
  }

  /** {@code 'D' | int32 length | 'P' | cstr name}. */
  public static void describePortal(ByteBuf out, CharSequence name) {
    named(out, FrontendType.DESCRIBE, 'P', name);
  }

  /** {@code 'C' | int32 length | 'S' | cstr name}. */
  public static void closeStatement(ByteBuf out, CharSequence name) {
    named(out, FrontendType.CLOSE, 'S', name);
  }

  private static void named(ByteBuf out, byte type, char kind, CharSequence name) {
    int start = Frames.begin(out, type);
    out.writeByte(kind);
    CStrings.write(out, name);
    Frames.end(out, start);
  }

  /**
   * {@code 'E' | int32 length | cstr portal | int32 rows}.
   *
   * @param maxRows 0 for all
   */
  public static void execute(ByteBuf out, CharSequence portal, int maxRows) {
    int start = Frames.begin(out, FrontendType.EXECUTE);
    CStrings.write(out, portal);
    out.writeInt(maxRows);
    Frames.end(out, start);
  }

  /** {@code 'H' | int32 4}. */
  public static void flush(ByteBuf out) {
    Frames.empty(out, FrontendType.FLUSH);
  }

  /** {@code 'S' | int32 4}. */
  public static void sync(ByteBuf out) {
    Frames.empty(out, FrontendType.SYNC);
  }

  /** {@code 'X' | int32 4}. */
  public static void terminate(ByteBuf out) {
    Frames.empty(out, FrontendType.TERMINATE);
  }

  /** {@code 'd' | int32 length | bytes}. */
  public static void copyData(ByteBuf out, byte[] data) {
    int start = Frames.begin(out, FrontendType.COPY_DATA);
    out.writeBytes(data);
    Frames.end(out, start);
  }

  /** {@code 'c' | int32 4}. */
  public static void copyDone(ByteBuf out) {
    Frames.empty(out, FrontendType.COPY_DONE);
  }

  /** {@code 'f' | int32 length | cstr reason}. */
  public static void copyFail(ByteBuf out, CharSequence reason) {
    int start = Frames.begin(out, FrontendType.COPY_FAIL);
    CStrings.write(out, reason);
    Frames.end(out, start);
  }
}
