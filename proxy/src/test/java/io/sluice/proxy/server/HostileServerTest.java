package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.ErrorLog;
import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every type of message in every state of our login to a server that means harm. */
class HostileServerTest {
  private static final int TYPES = 256;
  private static final int MAX_FLOOD_BYTES = 64 << 20;
  private static final int TRIES = 20;
  private static final byte[] MD5 = Wire.message('R', new byte[] {0, 0, 0, 5, 1, 2, 3, 4});
  private static final byte[] SASL =
      Wire.message('R', new byte[] {0, 0, 0, 10}, Wire.cstr("SCRAM-SHA-256"), new byte[1]);
  private static final byte[] OK = Wire.message('R', new byte[4]);

  @TempDir private Path directory;

  /** What was asked for, and how far the answers go. */
  private enum State {
    FIRST,
    MD5_ASKED,
    SASL_OFFERED,
    SASL_CONTINUED,
    ADMITTED;

    private void reach(Peer server) throws IOException {
      server.readPacket();
      switch (this) {
        case FIRST -> {}
        case MD5_ASKED -> {
          server.send(HostileServerTest.MD5);
          server.readTo('p');
        }
        case SASL_OFFERED -> offered(server);
        case SASL_CONTINUED -> {
          server.send(continued(offered(server), "4096"));
          server.readTo('p');
        }
        case ADMITTED -> server.send(OK);
      }
    }
  }

  /** Offers SCRAM, and gives the nonce that came back. */
  private static String offered(Peer server) throws IOException {
    server.send(SASL);
    String first = server.read().text();
    return first.substring(first.indexOf("r=") + 2);
  }

  private static byte[] continued(String nonce, String iterations) {
    String salt = Base64.getEncoder().encodeToString(new byte[16]);
    String text = "r=" + nonce + "more,s=" + salt + ",i=" + iterations;
    return Wire.message('R', new byte[] {0, 0, 0, 11}, text.getBytes(StandardCharsets.UTF_8));
  }

  private RunningProxy proxy() throws IOException {
    Path users = directory.resolve("users.txt");
    Files.writeString(users, "\"app\" \"secret\"\n");
    return new RunningProxy(
        "auth_type = trust",
        "auth_file = " + users,
        "server_login_retry = 0",
        "query_wait_timeout = 2",
        "log_connections = 0",
        "log_disconnections = 0");
  }

  /** What a server does behind the state that it has brought the login to. */
  private interface Deed {
    void to(Peer server) throws IOException;
  }

  /** A proxy, clients that want its server one after the other, and what it logs of mistakes. */
  private final class Scene implements AutoCloseable {
    private final ErrorLog errors = ErrorLog.open();
    private final RunningProxy proxy = proxy();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicReference<Peer> current = new AtomicReference<>();
    private final Thread clients = new Thread(this::want, "clients");

    Scene() throws IOException {
      clients.start();
    }

    private void want() {
      while (!over.get()) {
        try (Peer client = proxy.start()) {
          current.set(client);
          client.send(Wire.query("select 1"));
          client.awaitEnd();
        } catch (IOException refused) {
          // Its server was a bad one; the next comes.
          refusals.incrementAndGet();
        }
      }
    }

    /** A login that comes as far as a state, and what the server does then. */
    private void login(State state, Deed deed) throws IOException {
      IOException last = new IOException("no server was asked for");
      for (int i = 0; i < TRIES; i++) {
        try (Peer server = proxy.postgres().accept()) {
          state.reach(server);
          deed.to(server);
          next();
          return;
        } catch (SocketTimeoutException nobody) {
          throw nobody;
        } catch (IOException ended) {
          // A login that was not wanted any more.
          last = ended;
        }
      }
      throw new IOException("no login got so far; refused clients: " + refusals.get(), last);
    }

    /** Has another client come, so that another server is asked for at once. */
    private void next() throws IOException {
      Peer client = current.get();
      if (client != null) {
        client.close();
      }
    }

    /** Serves one of the clients, and looks for what was logged. */
    private void survives() throws IOException {
      login(
          State.FIRST,
          server -> {
            server.send(FakePostgres.welcome());
            server.readTo('Q');
            server.send(Wire.complete("SELECT 1"), Wire.ready('I'));
          });
      assertThat(errors.lines()).isEmpty();
    }

    @Override
    public void close() throws IOException {
      over.set(true);
      proxy.close();
      errors.close();
      try {
        clients.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void everyTypeOfMessageEndsTheLoginOrLeadsItOn(State state) throws IOException {
    try (Scene scene = new Scene()) {
      for (int type = 0; type < TYPES; type++) {
        byte[] filled = Wire.message((char) type, new byte[] {0, 0, 0, 99, 'x', 0});
        byte[] empty = Wire.message((char) type);
        scene.login(state, server -> server.send(filled));
        scene.login(state, server -> server.send(empty));
      }
      scene.survives();
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void lengthsOutOfAllBoundsEndTheLogin(State state) throws IOException {
    try (Scene scene = new Scene()) {
      for (char type : "REZSKNv".toCharArray()) {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 3, Integer.MAX_VALUE}) {
          byte[] header = Wire.header(type, length);
          scene.login(state, server -> server.send(header, new byte[100]));
        }
      }
      scene.survives();
    }
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void errorsWithoutFieldsEndTheLogin(State state) throws IOException {
    try (Scene scene = new Scene()) {
      for (String fields : List.of("", "\0", "C\0\0", "SFATAL\0\0", "Mcut", "C28P01", "\0\0\0")) {
        byte[] error = Wire.message('E', fields.getBytes(StandardCharsets.UTF_8));
        scene.login(state, server -> server.send(error));
      }
      scene.survives();
    }
  }

  @Test
  void noncesSaltsAndIterationsOutOfBoundsEndTheLogin() throws IOException {
    String large = "n".repeat(60_000);
    List<String> texts = new ArrayList<>();
    for (String iterations : List.of("0", "-1", "2147483647", "99999999999", "1e3", "", " 4096")) {
      texts.add("r=%smore,s=QUJDRA==,i=" + iterations);
    }
    texts.add("r=%s" + large + ",s=QUJDRA==,i=4096");
    texts.add("r=%s,s=QUJDRA==,i=4096");
    texts.add("r=another,s=QUJDRA==,i=4096");
    texts.add("r=%smore,s=" + "QUJD".repeat(15_000) + ",i=4096");
    texts.add("r=%smore,s=,i=4096");
    texts.add("r=%smore,i=4096");
    texts.add("s=QUJDRA==,r=%smore,i=4096");
    texts.add("r=%smore,r=%smore,s=QUJDRA==,i=4096");
    texts.add("m=x,r=%smore,s=QUJDRA==,i=4096");
    texts.add("e=unknown-user");
    texts.add("");
    try (Scene scene = new Scene()) {
      for (String text : texts) {
        Deed deed =
            server -> {
              byte[] body = text.replace("%s", offered(server)).getBytes(StandardCharsets.UTF_8);
              server.send(Wire.message('R', new byte[] {0, 0, 0, 11}, body));
              // Neither a proof nor anything else may come.
              server.awaitEnd();
            };
        scene.login(State.FIRST, deed);
      }
      scene.survives();
    }
  }

  /** Each server keeps them, and each client is told. */
  @Test
  void longParametersEndTheLogin() throws IOException {
    try (Scene scene = new Scene()) {
      scene.login(
          State.ADMITTED,
          server -> {
            for (int i = 0; i < 100; i++) {
              server.send(Wire.parameter("p" + i, "v".repeat(1000)));
            }
            server.send(Wire.message('K', new byte[8]), Wire.ready('I'));
            server.awaitEnd();
          });
      scene.survives();
    }
  }

  /** As many different parameters as go through: the end comes before they fill the memory. */
  @Test
  void aFloodOfParametersEndsTheLogin() throws IOException {
    try (Scene scene = new Scene()) {
      long[] sent = {0};
      scene.login(
          State.ADMITTED,
          server -> {
            try {
              while (sent[0] < MAX_FLOOD_BYTES) {
                byte[] one = Wire.parameter("p" + sent[0], "v".repeat(1000));
                server.send(one);
                sent[0] += one.length;
              }
            } catch (IOException ended) {
              assertThat(sent[0]).isPositive();
            }
          });
      assertThat(sent[0]).isLessThan(MAX_FLOOD_BYTES);
      scene.survives();
    }
  }
}
