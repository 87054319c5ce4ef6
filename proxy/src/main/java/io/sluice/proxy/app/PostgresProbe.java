package io.sluice.proxy.app;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramClient;
import io.sluice.protocol.scram.ScramFailure;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.catalog.Credentials;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to a PostgreSQL, without TLS, and asks it one question. Blocking; an interrupt ends it.
 * Confined to its thread.
 */
final class PostgresProbe implements AutoCloseable {
  /** The connections that are left to ordinary users. */
  static final String ORDINARY_CONNECTIONS =
      "SELECT current_setting('max_connections')::int"
          + " - current_setting('superuser_reserved_connections')::int"
          + " - coalesce(current_setting('reserved_connections', true), '0')::int";

  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final String SCRAM = "SCRAM-SHA-256";

  private static final int AUTH_OK = 0;
  private static final int AUTH_CLEARTEXT = 3;
  private static final int AUTH_MD5 = 5;
  private static final int AUTH_SASL = 10;
  private static final int AUTH_SASL_CONTINUE = 11;
  private static final int AUTH_SASL_FINAL = 12;

  /**
   * Who asks.
   *
   * @param database the database in PostgreSQL
   * @param user the user in PostgreSQL
   * @param secret the user's secret, empty if there is none
   */
  record Login(String database, String user, Credentials secret) {}

  private final SocketChannel channel;
  private @Nullable ScramClient scram;
  private byte type;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  private PostgresProbe(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects.
   *
   * @throws IOException if that fails; the message is fit for an operator
   */
  static PostgresProbe connect(SocketAddress address) throws IOException {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new IOException("no address for the host name");
    }
    boolean isUnix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        isUnix ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(address);
      return new PostgresProbe(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Logs in and asks for one value.
   *
   * @param sql a query of one row and one column
   * @throws IOException if PostgreSQL refuses, or sends what we do not understand
   */
  String ask(Login login, String sql) throws IOException {
    return ask(login, sql, 1);
  }

  /**
   * Logs in and asks for one value again and again.
   *
   * @param times how often, at least once
   * @return the last answer
   */
  String ask(Login login, String sql, int times) throws IOException {
    ByteBuf hello = Unpooled.buffer();
    Map<String, String> parameters =
        Map.of("user", login.user(), "database", login.database(), "application_name", "sluice");
    FrontendWriter.startup(hello, ProtocolVersion.V3_0, parameters);
    send(hello);
    readUntilReady(login);
    String answer = null;
    for (int i = 0; i < times; i++) {
      ByteBuf question = Unpooled.buffer();
      FrontendWriter.query(question, sql);
      send(question);
      answer = readUntilReady(login);
    }
    ByteBuf goodbye = Unpooled.buffer();
    FrontendWriter.terminate(goodbye);
    send(goodbye);
    if (answer == null) {
      throw new IOException("no answer");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Reads to the next ReadyForQuery; returns the first column of the last row, if any. */
  private @Nullable String readUntilReady(Login login) throws IOException {
    String answer = null;
    for (read(); type != BackendType.READY_FOR_QUERY; read()) {
      if (type == BackendType.ERROR_RESPONSE) {
        throw new IOException(ErrorFields.parse(body).message());
      } else if (type == BackendType.AUTHENTICATION) {
        authenticate(login);
      } else if (type == BackendType.DATA_ROW && body.readableBytes() > 6) {
        body.skipBytes(2);
        int lengthBytes = Math.max(0, Math.min(body.readInt(), body.readableBytes()));
        answer = body.toString(body.readerIndex(), lengthBytes, StandardCharsets.UTF_8);
      }
    }
    return answer;
  }

  private void authenticate(Login login) throws IOException {
    int kind = body.readableBytes() < 4 ? -1 : body.readInt();
    byte[] data = new byte[body.readableBytes()];
    body.readBytes(data);
    ByteBuf reply = Unpooled.buffer();
    try {
      switch (kind) {
        case AUTH_OK -> {
          return;
        }
        case AUTH_SASL_FINAL -> {
          requireScram().onServerFinal(data);
          return;
        }
        case AUTH_CLEARTEXT -> FrontendWriter.password(reply, password(login));
        case AUTH_MD5 -> FrontendWriter.password(reply, md5(login, data));
        case AUTH_SASL -> {
          scram = ScramClient.withPassword(password(login), new SecureRandom());
          FrontendWriter.saslInitialResponse(reply, SCRAM, scram.clientFirst());
        }
        case AUTH_SASL_CONTINUE ->
            FrontendWriter.saslResponse(reply, requireScram().onServerFirst(data));
        default -> throw new IOException("unsupported authentication " + kind);
      }
    } catch (ScramFailure e) {
      throw new IOException("SCRAM: " + e.getMessage());
    }
    send(reply);
  }

  private ScramClient requireScram() throws IOException {
    if (scram == null) {
      throw new IOException("SCRAM out of turn");
    }
    return scram;
  }

  private static String password(Login login) throws IOException {
    String plain = login.secret().plain();
    if (plain == null) {
      throw new IOException("a password is demanded of user " + login.user() + ", none is known");
    }
    return plain;
  }

  private static String md5(Login login, byte[] salt) throws IOException {
    String stored = login.secret().md5();
    String hash = stored == null ? Md5Password.hash(password(login), login.user()) : stored;
    return Md5Password.answer(hash, salt);
  }

  /** {@code byte type | int32 length | body}. */
  private void read() throws IOException {
    ByteBuffer header = fill(5);
    type = header.get();
    int lengthBytes = header.getInt() - 4;
    if (lengthBytes < 0 || lengthBytes > MAX_MESSAGE_BYTES) {
      throw new IOException("this is no PostgreSQL");
    }
    body = Unpooled.wrappedBuffer(fill(lengthBytes));
  }

  private ByteBuffer fill(int lengthBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("connection closed");
      }
    }
    return bytes.flip();
  }

  private void send(ByteBuf message) throws IOException {
    ByteBuffer bytes = message.nioBuffer();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
