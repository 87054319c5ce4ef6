package io.sluice.proxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.TurnProbe;
import io.sluice.proxy.fake.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What costs most of all that a server can send, asked or not: none of it keeps the loop from its
 * other connections for 100 ms.
 */
class ServerHoldTest {
  /** More than one turn reads of a connection. */
  private static final int MANY_BYTES = 192 << 10;

  /** So much that whatever grows with the square of it takes seconds. */
  private static final int PILE_BYTES = 800 << 10;

  private static final int TRIES = 20;

  private RunningProxy proxy;

  @BeforeEach
  void start() throws IOException {
    proxy =
        new RunningProxy(
            "server_login_retry = 0",
            "log_connections = 0",
            "log_disconnections = 0",
            "log_pooler_errors = 0");
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
  }

  private void assertHoldsNobody(String what, TurnProbe.Deed deed) throws IOException {
    TurnProbe.assertHoldsNobody(proxy.proxy().pools().loop(), what, deed);
  }

  /** Sends as much as is taken. */
  private static void flood(Peer server, byte[] input) throws IOException {
    try {
      server.send(input);
    } catch (SocketException refused) {
      // It was enough.
      return;
    }
  }

  // ---- answers to a query

  private void answers(String what, IntFunction<byte[]> message) throws IOException {
    byte[] input = Wire.fill(MANY_BYTES, message);
    assertHoldsNobody(
        what,
        () -> {
          try (Peer client = proxy.start()) {
            client.send(Wire.query("select 1"));
            Peer server = proxy.postgres().login();
            server.readTo('Q');
            flood(server, input);
            server.close();
            client.drain();
          }
        });
  }

  @Test
  void answersToAQuery() throws IOException {
    answers("parameters", i -> Wire.parameter("application_name", "a" + i));
    answers("unknown parameters", i -> Wire.parameter("p" + i, ""));
    answers("long parameters", i -> Wire.parameter("TimeZone", i + "z".repeat(8000)));
    answers("notices", i -> Wire.notice("n"));
    answers("empty notices", i -> Wire.message('N'));
    answers("errors", i -> Wire.error("42601", "wrong"));
    answers("an error of fields", i -> Wire.message('E', "Ma\0".repeat(30_000).getBytes(US_ASCII)));
    answers("empty rows", i -> Wire.message('D', new byte[2]));
    answers("a head of columns", i -> Wire.message('T', new byte[100_000]));
    answers("SET", i -> Wire.complete("SET"));
    answers("LISTEN", i -> Wire.complete("LISTEN"));
    answers("DEALLOCATE ALL", i -> Wire.complete("DEALLOCATE ALL"));
    answers("long tags", i -> Wire.complete("S".repeat(60_000)));
    answers("ready", i -> Wire.ready('I'));
    answers("in a transaction", i -> Wire.ready('T'));
    answers("notifications", i -> Wire.message('A', new byte[] {0, 0, 0, 1, 'c', 0, 0}));
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', 'n', 's', 't', 'I', 'K', 'R', 'v', 'G', 'H', 'W', 'd', 'c'})
  void messagesThatWereNotAskedFor(char type) throws IOException {
    answers(type + ", empty", i -> Wire.message(type));
    answers(type + ", short", i -> Wire.message(type, new byte[12]));
  }

  /** A server that does not answer has requests pile up: none may cost more for that. */
  @Test
  void requestsWithoutAnswers() throws IOException {
    piles("Parse", i -> Wire.parse("s" + i, "select " + i));
    piles("Parse of PREPARE", i -> Wire.parse("s" + i, "prepare a" + i + " as select 1"));
    piles("Close", i -> Wire.close("s" + i));
    piles("Bind", i -> Wire.bind(""));
    piles("Execute", i -> Wire.execute());
    piles("queries", i -> Wire.query("select 1"));
  }

  private void piles(String what, IntFunction<byte[]> message) throws IOException {
    byte[] input = Wire.fill(PILE_BYTES, message);
    assertHoldsNobody(
        what + " without an answer",
        () -> {
          try (Peer client = proxy.start()) {
            Thread sender = new Thread(() -> sends(client, input), "sender");
            sender.start();
            try (Peer server = proxy.postgres().login()) {
              server.readTo('S');
            }
            client.drain();
            join(sender);
          }
        });
  }

  private static void sends(Peer client, byte[] input) {
    try {
      client.send(Wire.parse("", "select 1"), input, Wire.sync());
    } catch (IOException refused) {
      throw new IllegalStateException(refused);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- at the login

  /** A login that has just begun; those of clients that have gone are given up. */
  private Peer newcomer() throws IOException {
    IOException last = new IOException("no login");
    for (int i = 0; i < TRIES; i++) {
      Peer server = proxy.postgres().accept();
      try {
        server.readPacket();
        return server;
      } catch (EOFException | SocketException stale) {
        server.close();
        last = stale;
      }
    }
    throw last;
  }

  private void greets(String what, IntFunction<byte[]> message) throws IOException {
    byte[] input = Wire.fill(MANY_BYTES, message);
    assertHoldsNobody(
        what,
        () -> {
          try (Peer client = proxy.start()) {
            client.send(Wire.query("select 1"));
            Peer server = newcomer();
            flood(server, input);
            server.socket().shutdownOutput();
            server.drain();
            server.close();
          }
        });
  }

  @Test
  void answersToALogin() throws IOException {
    byte[] ok = Wire.message('R', new byte[4]);
    greets("methods", i -> Wire.message('R', sasl("X\0")));
    greets("names of methods", i -> Wire.message('R', sasl("SCRAM-SHA-256\0")));
    greets("versions", i -> Wire.message('v', new byte[60_000]));
    greets("notices", i -> Wire.notice("n"));
    greets("parameters", i -> Wire.join(ok, Wire.parameter("p" + i, "v")));
    greets("keys", i -> Wire.join(ok, Wire.message('K', new byte[200])));
    greets("welcomes", i -> FakePostgres.welcome());
  }

  private static byte[] sasl(String method) {
    return Wire.join(
        ByteBuffer.allocate(4).putInt(10).array(),
        method.repeat(60_000 / method.length()).getBytes(US_ASCII),
        new byte[1]);
  }
}
