package io.sluice.proxy.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Key sets whose server sends headers without end, and each in time. */
class KeySetCacheTest {
  private static final int PATIENCE_S = 20;
  private static final long DRIP_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final CompletableFuture<Void> hungUp = new CompletableFuture<>();
  private ServerSocket server;
  private KeySetPlace place;

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    place = new KeySetPlace.Url(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/keys"));
    start(this::drip);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private void drip() {
    try (Socket client = server.accept()) {
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
      while (!server.isClosed()) {
        out.write("X-Drip: 1\r\n".getBytes(StandardCharsets.US_ASCII));
        LockSupport.parkNanos(DRIP_NS);
      }
    } catch (IOException gone) {
      hungUp.complete(null);
    }
  }

  @Test
  void givesUpAServerThatDripsItsHeaders() {
    CompletableFuture<String> text = new CompletableFuture<>();
    start(
        () -> {
          try {
            text.complete(place.read());
          } catch (IOException late) {
            text.completeExceptionally(late);
          }
        });

    assertThatThrownBy(() -> text.get(PATIENCE_S, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("the answer takes longer than 5000 ms");
    assertThat(hungUp.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join()).isNull();
  }

  @Test
  void nobodyWaitsLongerForOneWhoAsks() {
    KeySetCache cache = new KeySetCache(place, TimeUnit.HOURS.toNanos(1));
    List<CompletableFuture<Boolean>> logins = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      CompletableFuture<Boolean> login = new CompletableFuture<>();
      logins.add(login.orTimeout(PATIENCE_S, TimeUnit.SECONDS));
      start(() -> login.complete(cache.current() == null && cache.renewed() == null));
    }

    assertThat(logins).allSatisfy(login -> assertThat(login.join()).isTrue());
  }
}
