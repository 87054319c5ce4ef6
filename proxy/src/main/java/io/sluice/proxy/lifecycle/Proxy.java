package io.sluice.proxy.lifecycle;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.auth.AuthQueries;
import io.sluice.proxy.auth.Authenticator;
import io.sluice.proxy.auth.ResolvedNames;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.client.ClientJanitor;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.client.ConsoleEntry;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.guard.Visitors;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Offload;
import io.sluice.proxy.net.Transport;
import io.sluice.proxy.pool.Janitor;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerConnector;
import io.sluice.proxy.server.TrackedParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running pooler: builds the parts, starts them, ends them.
 *
 * <p>Everything inside is confined to one event loop; the methods here may be called from any
 * thread, and run on the loop.
 */
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);

  /** How long the loop may take to end everything before the process ends without it. */
  private static final int END_TIMEOUT_S = 3;

  private final Transport transport = Transport.best();
  private final MultiThreadIoEventLoopGroup loops = transport.openLoops(1);
  private final LoopContext loop = new LoopContext(loops.next());
  private final HostResolver resolver = new HostResolver(loop, transport);
  private final Pools pools;
  private final Access access;
  private final Clients clients;
  private final Front front;
  private final Listeners listeners;
  private final PauseControl pauses;
  private final TlsWatch tlsWatch;
  private final PasswordWatch passwordWatch;
  private final Reloader reloader;
  private final ConsoleControl actions;
  private final Janitor janitor;
  private final ClientJanitor clientJanitor;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Activity ending = Activity.RUNNING;

  /**
   * Builds a proxy.
   *
   * @param ownUid the user that may enter the console without a password over the Unix socket
   */
  public Proxy(ProxyConfig config, ConfigSource source, int ownUid) {
    Values values = config.values();
    TrackedParameters tracked = new TrackedParameters(values.get(Settings.TRACK_EXTRA_PARAMETERS));
    ServerConnector connector = new ServerConnector(loop, transport, resolver);
    pools = new Pools(loop, new Catalog(), connector, tracked, config);
    Offload directory = Offload.patient(loop);
    access =
        new Access(
            new Authenticator(values),
            new AuthQueries(pools, config),
            new ResolvedNames(resolver, directory),
            directory,
            new Visitors());
    clients = new Clients(pools, access.visitors(), config);
    front = new Front(pools, clients, access, ownUid, values.get(Settings.LISTEN_PORT));
    listeners = new Listeners(loop, transport, front);
    janitor = new Janitor(pools);
    clientJanitor = new ClientJanitor(clients);
    pauses = new PauseControl(pools, clients, listeners, janitor, clientJanitor);
    tlsWatch = new TlsWatch(pools.tls(), loop);
    passwordWatch = new PasswordWatch(pools.catalog().passwords(), loop);
    reloader =
        new Reloader(
            source, pools, clients, access, resolver, pauses, tlsWatch, passwordWatch, config);
    actions = new ConsoleControl(this, reloader, pauses);
    pools.observe(pauses::checkLater);
    clients.observe(pauses::checkLater);
    resolver.onChange(this::addressGone);
  }

  // ---- start

  /** Sets the console, which is built from this proxy's parts. */
  public void setConsole(Function<Proxy, ConsoleEntry> maker) {
    front.setConsole(maker.apply(this));
  }

  /**
   * Opens the listeners and serves.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  public void start() throws IOException {
    String failure = onLoop(() -> reloader.apply(reloader.config()));
    if (failure != null) {
      stopLoops();
      throw new IOException(failure);
    }
    try {
      listeners.open(
          reloader.config().values(), Listeners.tuningOf(() -> reloader.config().values()));
    } catch (IOException nowhere) {
      stopLoops();
      throw nowhere;
    }
    loop.execute(this::startMaintenance);
  }

  private void startMaintenance() {
    loop.maintain(janitor);
    loop.maintain(clientJanitor);
    loop.maintain(access.queries());
    loop.maintain(access.visitors()::maintain);
    loop.maintain(clients.hubs());
    loop.maintain(pools.cancels());
    loop.maintain(pools.peers());
    loop.maintain(pauses);
    loop.maintain(tlsWatch);
    loop.maintain(passwordWatch);
    loop.startMaintenance();
  }

  /** A host name does not mean an address any more: its servers are replaced. */
  private void addressGone(String host, InetAddress address) {
    for (Pool pool : List.copyOf(pools.all())) {
      if (pool.database().config().hosts().hosts().contains(host)) {
        pool.replaceServersAt(host, address);
      }
    }
  }

  // ---- while it runs

  /** Reads the configuration anew; null when it is in force, else why nothing has changed. */
  public @Nullable String reload() {
    return onLoop(reloader::reload);
  }

  /** What the proxy is doing. */
  public Activity activity() {
    if (ending != Activity.RUNNING) {
      return ending;
    }
    return onLoop(
        () -> {
          if (pauses.isSuspended()) {
            return Activity.SUSPENDED;
          }
          return pauses.isPaused() ? Activity.PAUSED : Activity.RUNNING;
        });
  }

  /** Pauses all databases. */
  public void pause() {
    loop.execute(pauses::pauseAll);
  }

  /** Undoes PAUSE and SUSPEND. */
  public void resume() {
    loop.execute(pauses::resumeAll);
  }

  // ---- end

  /** Accepts nobody on TCP any more, and ends when the last client has left. */
  public void shutDownWithoutClients() {
    ending = Activity.SHUTTING_DOWN;
    loop.execute(
        () -> {
          front.setShuttingDown();
          listeners.closeTcp();
          pauses.when(
              () -> clients.count() == 0, this, () -> end("client connections dropped, exiting"));
        });
  }

  /** Accepts nobody on TCP any more, and ends when the last server is released. */
  public void shutDownWithoutServers() {
    ending = Activity.SHUTTING_DOWN;
    loop.execute(
        () -> {
          front.setShuttingDown();
          listeners.closeTcp();
          pools.setShuttingDown();
          pauses.pauseAll();
          for (Pool pool : List.copyOf(pools.all())) {
            pool.refuseWaiters(Refusal.of("server shutting down"));
          }
          pauses.when(
              () -> pauses.isQuiet(null), this, () -> end("server connections dropped, exiting"));
        });
  }

  /** Ends everything now. */
  public void shutDownNow() {
    ending = Activity.SHUTTING_DOWN;
    loop.execute(() -> end("shutting down"));
  }

  private void end(String text) {
    log.info("{}", text);
    listeners.close();
    // Nobody who waits gets the server of one who is closed before him.
    pools.setPaused(true);
    clients.closeAll(client -> true, ClientClose.EXIT);
    for (Pool pool : List.copyOf(pools.all())) {
      pool.closeServers(ServerClose.SHUTDOWN);
    }
    loop.endTurn();
    ended.countDown();
  }

  /** Waits until a shutdown is complete. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    stopLoops();
  }

  private void stopLoops() {
    resolver.close();
    loop.offload().close();
    access.close();
    passwordWatch.close();
    loops.shutdownGracefully(0, END_TIMEOUT_S, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private <T extends @Nullable Object> T onLoop(Supplier<T> work) {
    if (loop.isHere()) {
      return work.get();
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(work.get());
          } catch (RuntimeException bug) {
            result.completeExceptionally(bug);
          }
        });
    try {
      return result.get(1, TimeUnit.MINUTES);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("the event loop did not answer", failed);
    }
  }

  // ---- parts, for the console

  public Pools pools() {
    return pools;
  }

  public Clients clients() {
    return clients;
  }

  public HostResolver resolver() {
    return resolver;
  }

  /** The maintenance of pools. */
  Janitor janitor() {
    return janitor;
  }

  /** Who decides who may enter. */
  public Access access() {
    return access;
  }

  /** What the console's commands do. */
  public ConsoleActions actions() {
    return actions;
  }

  boolean isShuttingDown() {
    return ending != Activity.RUNNING;
  }

  /** How the network is waited for, such as {@code epoll}. */
  public String transport() {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  /** The port that was bound, where port 0 was asked for. */
  public int port() {
    return listeners.port();
  }
}
