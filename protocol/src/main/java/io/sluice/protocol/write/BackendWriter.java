package io.sluice.protocol.write;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import java.util.Collection;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages that clients are sent.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public final class BackendWriter {
  private static final int OK = 0;
  private static final int CLEARTEXT = 3;
  private static final int MD5 = 5;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  private BackendWriter() {}

  /** {@code 'R' | int32 8 | int32 0}. */
  public static void authenticationOk(ByteBuf out) {
    authentication(out, OK, new byte[0]);
  }

  /** {@code 'R' | int32 8 | int32 3}. */
  public static void authenticationCleartextPassword(ByteBuf out) {
    authentication(out, CLEARTEXT, new byte[0]);
  }

  /** {@code 'R' | int32 12 | int32 5 | 4 bytes salt}. */
  public static void authenticationMd5Password(ByteBuf out, byte[] salt) {
    authentication(out, MD5, salt);
  }

  /** {@code 'R' | int32 length | int32 10 | cstr mechanism… | byte 0}. */
  public static void authenticationSasl(ByteBuf out, List<String> mechanisms) {
    int start = Frames.begin(out, BackendType.AUTHENTICATION);
    out.writeInt(SASL);
    mechanisms.forEach(mechanism -> CStrings.write(out, mechanism));
    out.writeByte(0);
    Frames.end(out, start);
  }

  /** {@code 'R' | int32 length | int32 11 | bytes}. */
  public static void authenticationSaslContinue(ByteBuf out, byte[] data) {
    authentication(out, SASL_CONTINUE, data);
  }

  /** {@code 'R' | int32 length | int32 12 | bytes}. */
  public static void authenticationSaslFinal(ByteBuf out, byte[] data) {
    authentication(out, SASL_FINAL, data);
  }

  private static void authentication(ByteBuf out, int kind, byte[] data) {
    int start = Frames.begin(out, BackendType.AUTHENTICATION);
    out.writeInt(kind);
    out.writeBytes(data);
    Frames.end(out, start);
  }

  /** {@code 'S' | int32 length | cstr name | cstr value}. */
  public static void parameterStatus(ByteBuf out, CharSequence name, CharSequence value) {
    int start = Frames.begin(out, BackendType.PARAMETER_STATUS);
    CStrings.write(out, name);
    CStrings.write(out, value);
    Frames.end(out, start);
  }

  /** {@code 'K' | int32 length | int32 process id | bytes secret}. */
  public static void backendKeyData(ByteBuf out, CancelKey key) {
    int start = Frames.begin(out, BackendType.BACKEND_KEY_DATA);
    out.writeInt(key.processId());
    out.writeBytes(key.secret());
    Frames.end(out, start);
  }

  /** {@code 'Z' | int32 5 | byte status}. */
  public static void readyForQuery(ByteBuf out, byte status) {
    int start = Frames.begin(out, BackendType.READY_FOR_QUERY);
    out.writeByte(status);
    Frames.end(out, start);
  }

  /** {@code 'E' | int32 length | 'S' cstr | 'V' cstr | 'C' cstr | 'M' cstr | byte 0}. */
  public static void error(ByteBuf out, String severity, String sqlState, String message) {
    fields(out, BackendType.ERROR_RESPONSE, severity, sqlState, message, null, null);
  }

  /** An error with a detail and a hint. */
  public static void error(
      ByteBuf out,
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {
    fields(out, BackendType.ERROR_RESPONSE, severity, sqlState, message, detail, hint);
  }

  /** {@code 'N' | …} like an error, with severity NOTICE. */
  public static void notice(ByteBuf out, String sqlState, String message, @Nullable String detail) {
    fields(out, BackendType.NOTICE_RESPONSE, "NOTICE", sqlState, message, detail, null);
  }

  private static void fields(
      ByteBuf out,
      byte type,
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {
    int start = Frames.begin(out, type);
    field(out, 'S', severity);
    field(out, 'V', severity);
    field(out, 'C', sqlState);
    field(out, 'M', message);
    field(out, 'D', detail);
    field(out, 'H', hint);
    out.writeByte(0);
    Frames.end(out, start);
  }

  private static void field(ByteBuf out, char code, @Nullable String value) {
    if (value != null) {
      out.writeByte(code);
      CStrings.write(out, value.replace('\0', ' '));
    }
  }

  /** {@code 'v' | int32 length | int32 newest version | int32 n | n × cstr option}. */
  public static void negotiateProtocolVersion(
      ByteBuf out, ProtocolVersion newest, Collection<String> unknownOptions) {
    int start = Frames.begin(out, BackendType.NEGOTIATE_PROTOCOL_VERSION);
    out.writeInt(newest.code());
    out.writeInt(unknownOptions.size());
    unknownOptions.forEach(option -> CStrings.write(out, option));
    Frames.end(out, start);
  }

  /**
   * {@code 'T' | int32 length | int16 n | n × (cstr name | int32 0 | int16 0 | int32 type | int16
   * size | int32 -1 | int16 0)}: text format, of no table.
   */
  public static void rowDescription(ByteBuf out, List<Column> columns) {
    rowDescription(out, columns, at -> 0);
  }

  /**
   * A row description whose columns have formats of their own.
   *
   * @param formatOf the format of the column at a position: 0 text, 1 binary
   */
  public static void rowDescription(ByteBuf out, List<Column> columns, IntUnaryOperator formatOf) {
    int start = Frames.begin(out, BackendType.ROW_DESCRIPTION);
    out.writeShort(columns.size());
    for (int at = 0; at < columns.size(); at++) {
      Column column = columns.get(at);
      CStrings.write(out, column.name());
      out.writeInt(0);
      out.writeShort(0);
      out.writeInt(column.typeOid());
      out.writeShort(column.typeSize());
      out.writeInt(-1);
      out.writeShort(formatOf.applyAsInt(at));
    }
    Frames.end(out, start);
  }

  /** {@code 'D' | int32 length | int16 n | n × (int32 length or -1 | bytes)}. */
  public static void dataRow(ByteBuf out, List<@Nullable String> values) {
    int start = Frames.begin(out, BackendType.DATA_ROW);
    out.writeShort(values.size());
    for (String value : values) {
      if (value == null) {
        out.writeInt(-1);
      } else {
        int lengthAt = out.writerIndex();
        out.writeInt(0);
        out.setInt(lengthAt, ByteBufUtil.writeUtf8(out, value));
      }
    }
    Frames.end(out, start);
  }

  /** A data row of values in whatever format, made by the caller; null for NULL. */
  public static void encodedRow(ByteBuf out, List<byte @Nullable []> values) {
    int start = Frames.begin(out, BackendType.DATA_ROW);
    out.writeShort(values.size());
    for (byte @Nullable [] value : values) {
      if (value == null) {
        out.writeInt(-1);
      } else {
        out.writeInt(value.length);
        out.writeBytes(value);
      }
    }
    Frames.end(out, start);
  }

  /** {@code 'C' | int32 length | cstr tag}. */
  public static void commandComplete(ByteBuf out, CharSequence tag) {
    int start = Frames.begin(out, BackendType.COMMAND_COMPLETE);
    CStrings.write(out, tag);
    Frames.end(out, start);
  }

  /** {@code 'I' | int32 4}. */
  public static void emptyQueryResponse(ByteBuf out) {
    Frames.empty(out, BackendType.EMPTY_QUERY_RESPONSE);
  }

  /** {@code '1' | int32 4}. */
  public static void parseComplete(ByteBuf out) {
    Frames.empty(out, BackendType.PARSE_COMPLETE);
  }

  /** {@code '2' | int32 4}. */
  public static void bindComplete(ByteBuf out) {
    Frames.empty(out, BackendType.BIND_COMPLETE);
  }

  /** {@code '3' | int32 4}. */
  public static void closeComplete(ByteBuf out) {
    Frames.empty(out, BackendType.CLOSE_COMPLETE);
  }

  /** {@code 'n' | int32 4}. */
  public static void noData(ByteBuf out) {
    Frames.empty(out, BackendType.NO_DATA);
  }

  /** {@code 's' | int32 4}. */
  public static void portalSuspended(ByteBuf out) {
    Frames.empty(out, BackendType.PORTAL_SUSPENDED);
  }

  /** {@code 't' | int32 length | int16 n | n × int32 type}. */
  public static void parameterDescription(ByteBuf out, int... typeOids) {
    int start = Frames.begin(out, BackendType.PARAMETER_DESCRIPTION);
    out.writeShort(typeOids.length);
    for (int oid : typeOids) {
      out.writeInt(oid);
    }
    Frames.end(out, start);
  }
}
