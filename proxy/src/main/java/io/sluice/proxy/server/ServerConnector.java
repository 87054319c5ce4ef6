package io.sluice.proxy.server;

import io.netty.util.NetUtil;
import io.sluice.proxy.net.Dialer;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.Phase;
import io.sluice.proxy.net.SocketTuning;
import io.sluice.proxy.net.Transport;
import io.sluice.proxy.tls.TlsContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes connections to PostgreSQL. Confined to its event loop. */
public final class ServerConnector {
  private static final Logger log = LoggerFactory.getLogger(ServerConnector.class);
  private static final int NS_PER_MS = 1_000_000;

  private final LoopContext loop;
  private final Transport transport;
  private final HostResolver resolver;
  private final Dialer dialer;

  public ServerConnector(LoopContext loop, Transport transport, HostResolver resolver) {
    this.loop = loop;
    this.transport = transport;
    this.resolver = resolver;
    this.dialer = Dialer.of(loop, transport);
  }

  /**
   * What to connect to, before the name is looked up. Immutable.
   *
   * @param host name, address, socket directory ({@code /…} or {@code @…})
   * @param listed the element of the host list, as configured; null for the default directory
   * @param port the port
   * @param tuning socket options
   * @param timeoutNs how long connecting may take; 0 for no limit of ours
   * @param tls what TLS is done with; null for a connection without
   */
  public record Destination(
      String host,
      @Nullable String listed,
      int port,
      SocketTuning tuning,
      long timeoutNs,
      @Nullable TlsContext tls) {
    /** Says whether the host is a directory with Unix sockets. */
    public boolean isUnix() {
      return isUnix(host);
    }

    /** Says whether a host is a directory with Unix sockets. */
    public static boolean isUnix(String host) {
      return host.startsWith("/") || host.startsWith("@");
    }
  }

  /** Makes a target from the address that was found. */
  @FunctionalInterface
  public interface TargetMaker {
    /** The target at an address. */
    ServerTarget at(SocketAddress address, String display);
  }

  /** Connects a server and logs it in. */
  public void login(Server server, Destination destination, TargetMaker maker) {
    locate(
        server,
        destination,
        maker,
        target ->
            open(
                server, destination, target, connection -> startLogin(server, target, connection)));
  }

  /** Connects a server that carries a cancel request; the phase sees what becomes of it. */
  public void carry(
      Server server,
      Destination destination,
      ServerTarget target,
      Phase phase,
      Consumer<PgConnection> connected) {
    server.aim(target);
    open(
        server,
        destination,
        target,
        connection -> {
          connection.enter(phase);
          connected.accept(connection);
        });
  }

  private static void startLogin(Server server, ServerTarget target, PgConnection connection) {
    LoginPhase phase = new LoginPhase(server, target, connection);
    connection.enter(phase);
    phase.start();
  }

  /** Connects to another pooler. */
  public void reach(Destination to, PeerLink.Caller caller) {
    address(
        to,
        address -> {
          if (address == null) {
            caller.failed(ServerClose.DNS_FAILED.text());
          } else {
            loop.execute(() -> dial(to, address, new PeerLink(to, caller)));
          }
        });
  }

  private void dial(Destination to, SocketAddress address, Dialer.Outcome outcome) {
    long timeoutMs = to.timeoutNs() == 0 ? 0 : Math.max(1, to.timeoutNs() / NS_PER_MS);
    dialer.connect(address, to.isUnix(), to.tuning(), timeoutMs, outcome);
  }

  private void locate(
      Server server, Destination to, TargetMaker maker, Consumer<ServerTarget> located) {
    String display = to.isUnix() ? "unix:" + to.port() : display(to.host(), to.port());
    address(
        to,
        found -> {
          if (server.isClosed()) {
            return;
          }
          if (found == null) {
            server.close(ServerClose.DNS_FAILED);
          } else {
            aim(server, maker.at(found, display), located);
          }
        });
  }

  /** Finds the address of a destination; null when its name has none. */
  private void address(Destination to, Consumer<@Nullable SocketAddress> then) {
    if (to.isUnix()) {
      then.accept(transport.unixAddress(to.host() + "/.s.PGSQL." + to.port()));
    } else if (NetUtil.createByteArrayFromIpAddressString(to.host()) != null) {
      InetAddress numeric = NetUtil.createInetAddressFromIpAddressString(to.host());
      then.accept(new InetSocketAddress(numeric, to.port()));
    } else {
      resolver.resolve(
          to.host(),
          found -> then.accept(found == null ? null : new InetSocketAddress(found, to.port())));
    }
  }

  private static String display(String host, int port) {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static void aim(Server server, ServerTarget target, Consumer<ServerTarget> located) {
    server.aim(target);
    located.accept(target);
  }

  private void open(
      Server server, Destination to, ServerTarget target, Consumer<PgConnection> connected) {
    Dialer.Outcome outcome =
        new Dialer.Outcome() {
          @Override
          public void connected(PgConnection connection) {
            if (server.isClosed()) {
              connection.abort();
            } else {
              attach(server, to, connection, connected);
            }
          }

          @Override
          public void failed(Throwable cause) {
            if (server.log().mayLog(loop.nowNs())) {
              log.warn("{} connect failed: {}", server.logName(), reason(cause));
            }
            server.close(ServerClose.CONNECT_FAILED);
          }
        };
    // When the events at hand are dealt with: one of them may be of a connection that was closed
    // meanwhile, and whose descriptor's number this one would get.
    loop.execute(
        () -> {
          if (!server.isClosed()) {
            dial(to, target.address(), outcome);
          }
        });
  }

  /** The system's words alone: Netty puts its call in front of them and the address behind. */
  private static String reason(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return text.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "")
        .replaceFirst(": [^:]*/[^/]*$", "");
  }

  private void attach(
      Server server, Destination to, PgConnection connection, Consumer<PgConnection> connected) {
    if (log.isInfoEnabled()
        && server.state() == ServerState.LOGIN
        && server.log().mayLogOpening(loop.nowNs())) {
      log.info("{} new connection to server{}", server.logName(), from(connection));
    }
    connection.enter(new LostPhase(server));
    server.connected(connection);
    connection.start();
    TlsContext tls = to.tls();
    if (tls == null) {
      connected.accept(connection);
    } else {
      ServerTls applicant = new ServerTls(server, loop);
      new TlsPhase(applicant, to, tls, connection, () -> connected.accept(connection)).start();
    }
  }

  private static String from(PgConnection connection) {
    if (connection.localAddress() instanceof InetSocketAddress local) {
      return " (from " + display(local.getAddress().getHostAddress(), local.getPort()) + ")";
    }
    return "";
  }

  /** Until the first real phase: nothing is read yet, but the connection may end. */
  private record LostPhase(Server server) implements Phase {
    @Override
    public void onRead(io.netty.buffer.ByteBuf owned) {
      owned.release();
      server.close(ServerClose.UNKNOWN_LOGIN_MESSAGE);
    }

    @Override
    public void onViolation(String sqlState, String text) {
      server.close(ServerClose.INTERNAL);
    }

    @Override
    public void onClosed(String cause) {
      server.close(ServerClose.LOST);
    }
  }
}
