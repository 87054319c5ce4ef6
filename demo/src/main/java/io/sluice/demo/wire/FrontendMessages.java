package io.sluice.demo.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the messages that a client sends, each as its bytes on the wire.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public final class FrontendMessages {
  private static final int CANCEL_REQUEST = 80877102;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSSENC_REQUEST = 80877104;

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private FrontendMessages() {}

  /**
   * Builds a StartupMessage: {@code int32 length | int32 version | (cstr name | cstr value)* | 0}.
   */
  public static byte[] startup(int protocol, Map<String, String> parameters) {
    FrontendMessages message = new FrontendMessages().int32(protocol);
    parameters.forEach((name, value) -> message.cstr(name).cstr(value));
    return message.int8(0).packet();
  }

  /** Builds a CancelRequest: {@code int32 length | int32 80877102 | int32 pid | key}. */
  public static byte[] cancelRequest(int processId, byte[] key) {
    return new FrontendMessages().int32(CANCEL_REQUEST).int32(processId).bytes(key).packet();
  }

  /** Builds an SSLRequest: {@code int32 8 | int32 80877103}. */
  public static byte[] sslRequest() {
    return new FrontendMessages().int32(SSL_REQUEST).packet();
  }

  /** Builds a GSSENCRequest: {@code int32 8 | int32 80877104}. */
  public static byte[] gssEncRequest() {
    return new FrontendMessages().int32(GSSENC_REQUEST).packet();
  }

  /** Builds a Query: {@code 'Q' | int32 length | cstr sql}. */
  public static byte[] query(String sql) {
    return new FrontendMessages().cstr(sql).message('Q');
  }

  /** Builds a PasswordMessage: {@code 'p' | int32 length | cstr password}. */
  public static byte[] password(String password) {
    return new FrontendMessages().cstr(password).message('p');
  }

  /** Builds a SASLInitialResponse: {@code 'p' | length | cstr mechanism | int32 n | n bytes}. */
  public static byte[] saslInitial(String mechanism, byte[] response) {
    return new FrontendMessages()
        .cstr(mechanism)
        .int32(response.length)
        .bytes(response)
        .message('p');
  }

  /** Builds a SASLResponse: {@code 'p' | int32 length | bytes}. */
  public static byte[] saslResponse(byte[] response) {
    return new FrontendMessages().bytes(response).message('p');
  }

  /** Builds a Parse with given parameter types; none leaves all of them to the server. */
  public static byte[] parse(String statement, String sql, int... typeOids) {
    FrontendMessages message = new FrontendMessages().cstr(statement).cstr(sql);
    message.int16(typeOids.length);
    for (int oid : typeOids) {
      message.int32(oid);
    }
    return message.message('P');
  }

  /** Builds a Bind with all parameters and results in text format. */
  public static byte[] bind(String portal, String statement, @Nullable String... parameters) {
    FrontendMessages message = new FrontendMessages().cstr(portal).cstr(statement);
    message.int16(0).int16(parameters.length);
    for (@Nullable String parameter : parameters) {
      if (parameter == null) {
        message.int32(-1);
      } else {
        byte[] value = parameter.getBytes(StandardCharsets.UTF_8);
        message.int32(value.length).bytes(value);
      }
    }
    return message.int16(0).message('B');
  }

  /** Builds a Describe of a statement. */
  public static byte[] describeStatement(String statement) {
    return new FrontendMessages().int8('S').cstr(statement).message('D');
  }

  /** Builds a Describe of a portal. */
  public static byte[] describePortal(String portal) {
    return new FrontendMessages().int8('P').cstr(portal).message('D');
  }

  /** Builds an Execute; {@code maxRows} 0 asks for all. */
  public static byte[] execute(String portal, int maxRows) {
    return new FrontendMessages().cstr(portal).int32(maxRows).message('E');
  }

  /** Builds a Close of a statement. */
  public static byte[] closeStatement(String statement) {
    return new FrontendMessages().int8('S').cstr(statement).message('C');
  }

  /** Builds a Close of a portal. */
  public static byte[] closePortal(String portal) {
    return new FrontendMessages().int8('P').cstr(portal).message('C');
  }

  /** Builds a Sync. */
  public static byte[] sync() {
    return new FrontendMessages().message('S');
  }

  /** Builds a Flush. */
  public static byte[] flush() {
    return new FrontendMessages().message('H');
  }

  /** Builds a Terminate. */
  public static byte[] terminate() {
    return new FrontendMessages().message('X');
  }

  /** Builds a CopyData. */
  public static byte[] copyData(String data) {
    return new FrontendMessages().bytes(data.getBytes(StandardCharsets.UTF_8)).message('d');
  }

  /** Builds a CopyDone. */
  public static byte[] copyDone() {
    return new FrontendMessages().message('c');
  }

  /** Builds a CopyFail. */
  public static byte[] copyFail(String reason) {
    return new FrontendMessages().cstr(reason).message('f');
  }

  /** Builds a FunctionCall with text arguments and result. */
  public static byte[] functionCall(int functionOid, List<String> arguments) {
    FrontendMessages message = new FrontendMessages().int32(functionOid);
    message.int16(0).int16(arguments.size());
    for (String argument : arguments) {
      byte[] value = argument.getBytes(StandardCharsets.UTF_8);
      message.int32(value.length).bytes(value);
    }
    return message.int16(0).message('F');
  }

  /** Builds any typed message: {@code type | int32 length | body}. */
  public static byte[] raw(char type, byte[] body) {
    return new FrontendMessages().bytes(body).message(type);
  }

  private byte[] message(char type) {
    byte[] content = body.toByteArray();
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) type)
        .putInt(4 + content.length)
        .put(content)
        .array();
  }

  private byte[] packet() {
    byte[] content = body.toByteArray();
    return ByteBuffer.allocate(4 + content.length).putInt(4 + content.length).put(content).array();
  }

  private FrontendMessages int8(int value) {
    body.write(value);
    return this;
  }

  private FrontendMessages int16(int value) {
    return int8(value >> 8).int8(value);
  }

  private FrontendMessages int32(int value) {
    return int16(value >> 16).int16(value);
  }

  private FrontendMessages cstr(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8)).int8(0);
  }

  private FrontendMessages bytes(byte[] bytes) {
    body.writeBytes(bytes);
    return this;
  }
}
