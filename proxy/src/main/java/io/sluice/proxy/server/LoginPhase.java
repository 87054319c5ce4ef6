package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.MessageCursor;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that we log in to: StartupMessage, proof of who we are, its parameters, connect_query.
 * Confined to its event loop.
 *
 * <pre>
 *   start ─→ R… (password, SCRAM) ─→ R ok ─→ S… K ─→ Z ─→ connect_query? ─→ serving
 * </pre>
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">Start-up</a>
 */
final class LoginPhase extends WholeMessagePhase {
  private static final Logger log = LoggerFactory.getLogger(LoginPhase.class);

  /** No message of a login is longer, by far. */
  private static final int MAX_BODY_BYTES = 64 * 1024;

  /** Parameters that PostgreSQL reports at login: about 15; a hostile server gets no more. */
  private static final int MAX_PARAMETERS = 256;

  /** All of them together, which every client is told and each server keeps: about 400 bytes. */
  private static final int MAX_PARAMETER_BYTES = 64 * 1024;

  private final Server server;
  private final ServerTarget target;
  private final PgConnection connection;
  private final ServerAuthentication authentication;
  private boolean answered;
  private boolean authenticated;
  private int parameterBytes;

  LoginPhase(Server server, ServerTarget target, PgConnection connection) {
    super(server.inbox(), MAX_BODY_BYTES);
    this.server = server;
    this.target = target;
    this.connection = connection;
    this.authentication = new ServerAuthentication(server, target, connection, this::proceed);
  }

  /** Sends the StartupMessage. */
  void start() {
    ByteBuf out = connection.alloc().buffer();
    FrontendWriter.startup(out, target.version(), target.startup());
    connection.write(out);
  }

  @Override
  protected PgConnection connection() {
    return connection;
  }

  @Override
  protected boolean isBusy() {
    return authentication.isBusy();
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    switch (type) {
      case BackendType.AUTHENTICATION -> authenticate(view, bodyStart, bodyLength);
      case BackendType.PARAMETER_STATUS -> parameter(view, bodyStart, bodyLength);
      case BackendType.BACKEND_KEY_DATA -> key(view, bodyStart, bodyLength);
      case BackendType.NOTICE_RESPONSE -> tellGuest(view, bodyStart, bodyLength);
      case BackendType.NEGOTIATE_PROTOCOL_VERSION -> {
        // Nothing in it concerns the pool.
      }
      case BackendType.ERROR_RESPONSE -> error(view, bodyStart, bodyLength);
      case BackendType.READY_FOR_QUERY -> ready();
      default -> server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
    }
  }

  private void error(ByteBuf view, int bodyStart, int bodyLength) {
    ErrorFields error = ErrorFields.parse(view.slice(bodyStart, bodyLength));
    if (!answered && isAboutVersion(error.sqlState())) {
      server.close(ServerClose.VERSION_REFUSED, error.message());
      return;
    }
    tellGuest(view, bodyStart, bodyLength);
    refused(error);
  }

  /** PostgreSQL negotiates; poolers and servers that speak its protocol may just refuse. */
  private boolean isAboutVersion(String sqlState) {
    return !target.version().equals(ProtocolVersion.V3_0)
        && (sqlState.equals(SqlState.FEATURE_NOT_SUPPORTED)
            || sqlState.equals(SqlState.PROTOCOL_VIOLATION));
  }

  private void authenticate(ByteBuf view, int bodyStart, int bodyLength) {
    if (authenticated) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    answered = true;
    authenticated = authentication.onRequest(view, bodyStart, bodyLength);
  }

  private void parameter(ByteBuf view, int bodyStart, int bodyLength) {
    parameterBytes += bodyLength;
    boolean tooMuch =
        parameterBytes > MAX_PARAMETER_BYTES || server.parameters().size() >= MAX_PARAMETERS;
    if (!authenticated || tooMuch) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    ParameterStatusReader.read(server, view, bodyStart, bodyLength);
    if (!server.isClosed()) {
      int nameLength = CStrings.length(view, bodyStart, bodyStart + bodyLength);
      String name = view.toString(bodyStart, nameLength, StandardCharsets.UTF_8);
      int valueStart = bodyStart + nameLength + 1;
      int valueLength = bodyLength - nameLength - 2;
      tellGuest(view, bodyStart, bodyLength);
      server.parameters().put(name, view.toString(valueStart, valueLength, StandardCharsets.UTF_8));
    }
  }

  private void tellGuest(ByteBuf view, int bodyStart, int bodyLength) {
    Guest guest = server.guest();
    if (guest != null) {
      guest.told(
          view, bodyStart - MessageCursor.HEADER_BYTES, bodyLength + MessageCursor.HEADER_BYTES);
    }
  }

  private void key(ByteBuf view, int bodyStart, int bodyLength) {
    int secretLength = bodyLength - Integer.BYTES;
    if (!authenticated || !CancelKey.isSecretLength(secretLength)) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    byte[] secret = new byte[secretLength];
    view.getBytes(bodyStart + Integer.BYTES, secret);
    CancelKey key = new CancelKey(view.getInt(bodyStart), secret);
    server.keyReceived(key);
    Guest guest = server.guest();
    if (guest != null) {
      guest.keyed(key);
    }
  }

  private void refused(ErrorFields error) {
    if (server.log().mayLog(server.loop().nowNs())) {
      log.warn(
          "{} server login failed: {} {}", server.logName(), error.severity(), error.message());
    }
    server.owner().loginRefused(server, new Refusal(error.sqlState(), error.message()));
    server.close(ServerClose.LOGIN_REFUSED, error.message());
  }

  private void ready() {
    if (!authenticated) {
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
      return;
    }
    connection.enter(new ServingPhase(server));
    String query = target.connectQuery();
    if (query == null || query.isEmpty()) {
      server.owner().connected(server);
    } else {
      server.run(new ConnectTask(query));
    }
  }

  @Override
  public void onViolation(String sqlState, String text) {
    server.close(
        text.startsWith("bad packet")
            ? ServerClose.UNKNOWN_LOGIN_MESSAGE
            : ServerClose.AUTH_UNANSWERED);
  }

  @Override
  public void onClosed(String cause) {
    server.close(ServerClose.LOST);
  }

  /** connect_query: its errors are logged and ignored, as PgBouncer does. */
  private record ConnectTask(String sql) implements ServerTask {
    @Override
    public void failed(Server server, ErrorFields error) {
      log.warn("{} connect_query failed: {}", server.logName(), error.message());
    }

    @Override
    public void done(Server server, byte status) {
      if (status == TransactionStatus.IDLE) {
        server.owner().connected(server);
      } else {
        server.close(ServerClose.CONNECT_QUERY_FAILED);
      }
    }
  }
}
