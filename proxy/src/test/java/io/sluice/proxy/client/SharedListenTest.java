package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection that listens for all clients, against a scripted PostgreSQL. */
class SharedListenTest {
  private static final byte[] LISTENING = Wire.complete("LISTEN");
  private static final byte[] UNLISTENED = Wire.complete("UNLISTEN");
  private static final byte[] READY = Wire.ready('I');
  private static final int QUEUE_BYTES = 8192;

  private RunningProxy proxy;
  private Pair pair;

  @BeforeEach
  void start() throws IOException {
    proxy =
        new RunningProxy(
            "shared_listen = 1", "server_login_retry = 0", "listen_queue_size = " + QUEUE_BYTES);
    pair = proxy.loginFirst();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
  }

  /** A client asks, and its server answers and is cleaned; ReadyForQuery waits for the hub. */
  private void listen(Peer client, String channel) throws IOException {
    client.send(Wire.query("LISTEN " + channel));
    assertThat(pair.server().read().text()).isEqualTo("LISTEN " + channel + '\0');
    pair.server().send(LISTENING, READY);
  }

  private void clean() throws IOException {
    assertThat(pair.server().read().text()).isEqualTo("UNLISTEN *\0");
    pair.server().send(UNLISTENED, READY);
  }

  /** The first client listens on a channel; returns the listening connection. */
  private Peer listenFirst(String channel) throws IOException {
    listen(pair.client(), channel);
    Peer hub = proxy.postgres().login();
    confirm(hub, "LISTEN \"" + channel + "\";");
    assertThat(pair.client().typesTo('Z')).isEqualTo("CZ");
    clean();
    return hub;
  }

  private static void confirm(Peer hub, String sql) throws IOException {
    assertThat(hub.read().text()).isEqualTo(sql + '\0');
    hub.send(LISTENING, READY);
  }

  private static byte[] notification(String channel, String payload) {
    return Wire.message('A', new byte[4], Wire.cstr(channel), Wire.cstr(payload));
  }

  private static void assertHears(Peer client, String channel, String payload) throws IOException {
    Peer.Message message = client.read();
    assertThat(message.type()).isEqualTo('A');
    assertThat(message.text()).endsWith(channel + '\0' + payload + '\0');
  }

  @Test
  void withholdsReadyForQueryUntilItListens() throws IOException {
    listen(pair.client(), "a");
    Peer hub = proxy.postgres().login();
    assertThat(hub.read().text()).isEqualTo("LISTEN \"a\";\0");
    assertThat(pair.client().read().type()).isEqualTo('C');
    hub.send(notification("a", "early"), LISTENING, READY);

    assertHears(pair.client(), "a", "early");
    assertThat(pair.client().read().type()).isEqualTo('Z');
    clean();
  }

  @Test
  void tellsEachClientOfItsChannelsInOrder() throws IOException {
    Peer hub = listenFirst("a");
    Peer both = proxy.login();
    listen(both, "a");
    assertThat(both.typesTo('Z')).isEqualTo("CZ");
    clean();
    listen(both, "b");
    confirm(hub, "LISTEN \"b\";");
    assertThat(both.typesTo('Z')).isEqualTo("CZ");
    clean();

    hub.send(notification("a", "1"), notification("b", "2"), notification("c", "3"));
    hub.send(notification("a", "4"));

    assertHears(pair.client(), "a", "1");
    assertHears(pair.client(), "a", "4");
    assertHears(both, "a", "1");
    assertHears(both, "b", "2");
    assertHears(both, "a", "4");
  }

  @Test
  void disconnectsWhoListensOnTooManyChannels() throws IOException {
    Peer hub = listenFirst("a");
    Peer many = proxy.login();
    many.send(Wire.query("BEGIN"));
    pair.server().read();
    pair.server().send(Wire.complete("BEGIN"), Wire.ready('T'));
    many.typesTo('Z');
    for (int i = 0; i < 10_000; i++) {
      many.send(Wire.query("LISTEN c" + i));
      pair.server().read();
      pair.server().send(LISTENING, Wire.ready('T'));
      many.typesTo('Z');
    }
    many.send(Wire.query("LISTEN another"));
    assertThat(many.read().text())
        .contains("Mmore than 10000 times LISTEN or UNLISTEN in a transaction");

    hub.send(notification("a", "1"));
    assertHears(pair.client(), "a", "1");
  }

  @Test
  void disconnectsWhoHasTooMuchWaitingAndNobodyElse() throws IOException {
    Peer hub = listenFirst("a");
    Peer other = proxy.login();
    listen(other, "a");
    other.typesTo('Z');
    clean();
    pair.client().send(Wire.query("BEGIN"));
    pair.server().read();
    pair.server().send(Wire.complete("BEGIN"), Wire.ready('T'));
    pair.client().readTo('Z');

    String payload = "x".repeat(QUEUE_BYTES / 2 - 20);
    for (int i = 0; i < 3; i++) {
      hub.send(notification("a", payload));
      assertHears(other, "a", payload);
    }

    assertThat(Peer.types(pair.client().readToEnd())).isEqualTo("E");
    assertThat(pair.server().read().text()).isEqualTo("ROLLBACK\0");
    pair.server().send(Wire.complete("ROLLBACK"), READY);
    hub.send(notification("a", "on"));
    assertHears(other, "a", "on");
  }

  @Test
  void stopsListeningWhenTheLastOneLeaves() throws IOException {
    Peer hub = listenFirst("a");
    Peer other = proxy.login();
    listen(other, "a");
    other.typesTo('Z');
    clean();
    pair.client().close();
    hub.send(notification("a", "1"));
    assertHears(other, "a", "1");

    other.close();

    assertThat(hub.read().text()).isEqualTo("UNLISTEN \"a\";\0");
    hub.send(UNLISTENED, READY);
  }

  @Test
  void listensAgainOnEverythingWhenTheConnectionIsLost() throws IOException {
    Peer hub = listenFirst("a");
    listen(pair.client(), "b");
    confirm(hub, "LISTEN \"b\";");
    pair.client().typesTo('Z');
    clean();

    hub.close();
    Peer again = proxy.postgres().login();
    confirm(again, "LISTEN \"a\";LISTEN \"b\";");

    Peer.Message notice = pair.client().read();
    assertThat(notice.type()).isEqualTo('N');
    assertThat(notice.text()).contains("notifications may have been lost");
    again.send(notification("b", "2"));
    assertHears(pair.client(), "b", "2");
  }
}
