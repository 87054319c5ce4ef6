package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.client.Clients;
import io.sluice.proxy.client.ConsoleEntry;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Loops;
import io.sluice.proxy.net.Transport;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.ServerClose;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running pooler: builds the parts, starts them, ends them.
 *
 * <p>The methods here may be called from any thread, and run on the first event loop.
 */
public final class Proxy {
  private static final Logger log = LoggerFactory.getLogger(Proxy.class);

  /** How long the loops may take to end everything before the process ends without it. */
  private static final int END_TIMEOUT_S = 3;

  private final Transport transport;
  private final Loops loops;
  private final LoopContext loop;
  private final Workers workers;
  private final Listeners listeners;
  private final PauseControl pauses;
  private final TlsWatch tlsWatch;
  private final PasswordWatch passwordWatch;
  private final Reloader reloader;
  private final ConsoleControl actions;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Activity ending = Activity.RUNNING;

  /**
   * Builds a proxy.
   *
   * @param ownUid the user that may enter the console without a password over the Unix socket
   */
  public Proxy(ProxyConfig config, ConfigSource source, int ownUid) {
    transport = Transport.of(config.values().get(Settings.TRANSPORT));
    loops = Loops.start(transport, transport.loops(config.values().get(Settings.WORKERS)));
    loop = loops.first();
    workers = new Workers(loops, transport, config, ownUid);
    listeners = new Listeners(loop, transport, workers::next);
    pauses = new PauseControl(workers, listeners);
    tlsWatch = new TlsWatch(pools().tls(), loop);
    passwordWatch = new PasswordWatch(pools().passwords(), loop);
    reloader = new Reloader(source, workers, pauses, tlsWatch, passwordWatch, config);
    actions = new ConsoleControl(this, reloader, pauses);
    for (Worker worker : workers.all()) {
      worker.pools().observe(pauses::checkLater);
      worker.clients().observe(pauses::checkLater);
    }
  }

  // ---- start

  /** Sets the console, which is built from this proxy's parts. */
  public void setConsole(Function<Proxy, ConsoleEntry> maker) {
    workers.first().front().setConsole(maker.apply(this));
  }

  /**
   * Opens the listeners and serves.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  public void start() throws IOException {
    String failure = onLoop(reloader::begin);
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
    loop.execute(
        () -> {
          loop.maintain(pauses);
          loop.maintain(tlsWatch);
          loop.maintain(passwordWatch);
        });
    workers.startMaintenance();
  }

  // ---- while it runs

  /**
   * Reads the configuration anew.
   *
   * @param told is given null when it is in force, else why nothing has changed; called on the
   *     first event loop
   */
  public void reload(Consumer<@Nullable String> told) {
    loop.execute(() -> reloader.reload(told));
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
    alone(pauses::pauseAll);
  }

  /** Undoes PAUSE and SUSPEND. */
  public void resume() {
    alone(pauses::resumeAll);
  }

  // ---- end

  /** Accepts nobody on TCP any more, and ends when the last client has left. */
  public void shutDownWithoutClients() {
    ending = Activity.SHUTTING_DOWN;
    alone(
        () -> {
          stopEntering();
          pauses.when(
              () -> workers.clientCount() == 0,
              this,
              () -> end("client connections dropped, exiting"));
        });
  }

  private void stopEntering() {
    refuseLogins();
    listeners.closeTcp();
  }

  private void refuseLogins() {
    workers.all().forEach(worker -> worker.front().setShuttingDown());
  }

  /** Accepts nobody on TCP any more, and ends when the last server is released. */
  public void shutDownWithoutServers() {
    ending = Activity.SHUTTING_DOWN;
    alone(
        () -> {
          stopEntering();
          workers.all().forEach(worker -> worker.pools().setShuttingDown());
          pauses.pauseAll();
          for (Pool pool : workers.pools()) {
            pool.refuseWaiters(Refusal.of("server shutting down"));
          }
          pauses.when(
              () -> pauses.isQuiet(null), this, () -> end("server connections dropped, exiting"));
        });
  }

  /** Ends everything now. */
  public void shutDownNow() {
    ending = Activity.SHUTTING_DOWN;
    alone(() -> end("shutting down"));
  }

  private void end(String text) {
    log.info("{}", text);
    listeners.close();
    // Somebody may have been accepted who has not said yet who he is.
    refuseLogins();
    // Nobody who waits gets the server of one who is closed before him.
    workers.all().forEach(worker -> worker.pools().setPaused(true));
    workers.closeClients(client -> true, ClientClose.EXIT);
    for (Pool pool : workers.pools()) {
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
    passwordWatch.close();
    reloader.close();
    workers.close();
    loops.close(END_TIMEOUT_S);
  }

  /** Does something on the first loop, while the others stand still. */
  private void alone(Runnable work) {
    loop.execute(() -> loops.alone(work));
  }

  private <T extends @Nullable Object> T onLoop(Supplier<T> work) {
    if (loop.isHere()) {
      return loops.alone(work);
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            result.complete(loops.alone(work));
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

  /** What serves connections, loop by loop. */
  public Workers workers() {
    return workers;
  }

  /** The pools of the first loop. */
  public Pools pools() {
    return workers.first().pools();
  }

  /** The clients of the first loop. */
  public Clients clients() {
    return workers.first().clients();
  }

  /** The rules that decide logins. */
  HbaRules rules() {
    return workers.first().access().authenticator().rules();
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
    return transport.toString();
  }

  /** The port that was bound, where port 0 was asked for. */
  public int port() {
    return listeners.port();
  }
}
