package io.sluice.proxy.lifecycle;

import io.netty.util.NetUtil;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.proxy.net.Listener;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Transport;
import io.sluice.proxy.pool.PoolSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets that the process listens on: listen_addr, and one in unix_socket_dir. */
final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final LoopContext loop;
  private final Transport transport;
  private final Listener.Reception reception;
  private final List<Listener> tcp = new ArrayList<>();
  private @Nullable Listener unix;
  private @Nullable Path socketFile;

  Listeners(LoopContext loop, Transport transport, Listener.Reception reception) {
    this.loop = loop;
    this.transport = transport;
    this.reception = reception;
  }

  /**
   * Binds everything.
   *
   * @throws IOException if there is nothing to listen on; the message is fit for an operator
   */
  void open(Values values, Listener.TuningSource tuning) throws IOException {
    Listener.Options options =
        new Listener.Options(
            values.get(Settings.LISTEN_BACKLOG),
            values.get(Settings.SO_REUSEPORT),
            values.get(Settings.TCP_DEFER_ACCEPT),
            tuning);
    int port = values.get(Settings.LISTEN_PORT);
    String reason = null;
    for (String name : values.get(Settings.LISTEN_ADDR)) {
      String failed = openTcp(name, port, options);
      reason = failed == null ? reason : failed;
    }
    String directory = values.get(Settings.UNIX_SOCKET_DIR);
    if (!directory.isEmpty()) {
      try {
        openUnix(directory, port, values, options);
      } catch (IOException refused) {
        close();
        throw refused;
      }
    }
    if (tcp.isEmpty() && unix == null) {
      throw new IOException(reason == null ? "nowhere to listen on" : reason);
    }
    if (tcp.isEmpty() && reason != null) {
      close();
      throw new IOException(reason);
    }
  }

  private @Nullable String openTcp(String name, int port, Listener.Options options) {
    List<InetAddress> addresses = addresses(name);
    if (addresses.isEmpty()) {
      String unknown = "listen_addr: no address for " + name;
      log.warn("{}", unknown);
      return unknown;
    }
    String reason = null;
    for (InetAddress address : addresses) {
      InetSocketAddress where = new InetSocketAddress(address, port);
      try {
        tcp.add(Listener.bind(loop, transport, where, false, display(where), options, reception));
      } catch (IllegalStateException refused) {
        reason = "cannot listen on " + display(where) + ": " + refused.getMessage();
        log.warn("{}", reason);
      }
    }
    return reason;
  }

  /** The addresses of an element of listen_addr: {@code *} is all of both families. */
  private static List<InetAddress> addresses(String name) {
    try {
      if (name.equals("*")) {
        List<InetAddress> all = new ArrayList<>(List.of(InetAddress.getByName("0.0.0.0")));
        if (!NetUtil.isIpV4StackPreferred() && hasIpV6()) {
          all.add(InetAddress.getByName("::"));
        }
        return all;
      }
      return List.of(InetAddress.getAllByName(name));
    } catch (UnknownHostException unknown) {
      return List.of();
    }
  }

  private static boolean hasIpV6() {
    return NetUtil.LOCALHOST6 != null && Files.exists(Path.of("/proc/net/if_inet6"));
  }

  private static String display(InetSocketAddress where) {
    String host = where.getAddress().getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + where.getPort();
  }

  private void openUnix(String directory, int port, Values values, Listener.Options options)
      throws IOException {
    String path = directory + "/.s.PGSQL." + port;
    if (!directory.startsWith("@")) {
      Path file = Path.of(path);
      refuseIfInUse(file, port);
      Files.deleteIfExists(file);
      socketFile = file;
    }
    SocketAddress address = transport.unixAddress(path);
    try {
      unix = Listener.bind(loop, transport, address, true, "unix:" + path, options, reception);
    } catch (IllegalStateException refused) {
      socketFile = null;
      throw new IOException("cannot listen on unix:" + path + ": " + refused.getMessage(), refused);
    }
    if (socketFile != null) {
      secure(socketFile, values);
    }
  }

  /** A second instance is refused: the first one's socket would vanish under it. */
  static void refuseIfInUse(Path file, int port) throws IOException {
    if (Files.exists(Path.of(file + ".lock"))) {
      throw new IOException("unix port " + port + " is in use");
    }
    if (!Files.exists(file)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException nobody) {
      return;
    }
    throw new IOException("unix socket is in use, cannot continue");
  }

  private static void secure(Path file, Values values) throws IOException {
    String group = values.get(Settings.UNIX_SOCKET_GROUP);
    if (!group.isEmpty()) {
      try {
        var principal =
            file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(principal);
      } catch (IOException refused) {
        throw new IOException("unix_socket_group: cannot give " + file + " to " + group, refused);
      }
    }
    Files.setPosixFilePermissions(file, permissions(values.get(Settings.UNIX_SOCKET_MODE)));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    // The constants stand in the order of the bits: owner read, write, execute, group read, …
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return set;
  }

  /** Stops listening on TCP: a shutdown has begun. The Unix socket stays for the console. */
  void closeTcp() {
    tcp.forEach(Listener::close);
    tcp.clear();
  }

  /** Stops or goes on accepting: SUSPEND. */
  void setAccepting(boolean accepting) {
    tcp.forEach(listener -> listener.setAccepting(accepting));
    if (unix != null) {
      unix.setAccepting(accepting);
    }
  }

  /** Stops listening, and removes the socket's file. */
  void close() {
    closeTcp();
    if (unix != null) {
      unix.close();
    }
    if (socketFile != null) {
      try {
        Files.deleteIfExists(socketFile);
      } catch (IOException stays) {
        log.warn("cannot remove {}: {}", socketFile, stays.getMessage());
      }
    }
  }

  /** The first TCP port, where port 0 was asked for. */
  int port() {
    for (Listener listener : tcp) {
      if (listener.address() instanceof InetSocketAddress address) {
        return address.getPort();
      }
    }
    return 0;
  }

  /** Socket options of accepted connections. */
  static Listener.TuningSource tuningOf(java.util.function.Supplier<Values> values) {
    return () -> PoolSettings.tuning(values.get());
  }
}
