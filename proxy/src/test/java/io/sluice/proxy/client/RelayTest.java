package io.sluice.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.RunningProxy;
import io.sluice.proxy.fake.RunningProxy.Pair;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client, the relay and a scripted PostgreSQL over real sockets. */
class RelayTest {
  private RunningProxy proxy;
  private Peer client;
  private Peer server;

  @BeforeEach
  void start() throws IOException {
    proxy = new RunningProxy();
    Pair pair = proxy.loginFirst();
    client = pair.client();
    server = pair.server();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
    proxy.close();
  }

  private static byte[] done() {
    return Wire.join(Wire.complete("SELECT 1"), Wire.ready('I'));
  }

  @Test
  void forwardsAQueryAndItsAnswer() throws IOException {
    client.send(Wire.query("select 1"));
    assertThat(server.read().text()).isEqualTo("select 1\0");
    server.send(Wire.row(3), done());
    assertThat(client.typesTo('Z')).isEqualTo("DCZ");
  }

  @Test
  void forwardsAnAnswerThatIsLargerThanEveryBuffer() throws IOException {
    client.send(Wire.query("select"));
    server.read();
    Thread sender = new Thread(() -> sendQuietly(server, Wire.row(20_000_000), done()));
    sender.start();
    List<Peer.Message> answer = client.readTo('Z');
    assertThat(Peer.types(answer)).isEqualTo("DCZ");
    assertThat(answer.get(0).text()).hasSize(20_000_006);
  }

  private static void sendQuietly(Peer peer, byte[]... parts) {
    try {
      peer.send(parts);
    } catch (IOException ended) {
      throw new IllegalStateException(ended);
    }
  }

  @Test
  void endsOnlyTheWaitingClientWhoseBytesAreBroken() throws IOException {
    client.send(Wire.query("begin"));
    server.read();
    server.send(Wire.complete("BEGIN"), Wire.ready('T'));
    client.readTo('Z');
    Peer broken = proxy.login();
    broken.send(Wire.sync(), Wire.header('Q', 3));
    client.send(Wire.query("commit"));
    server.read();
    server.send(Wire.complete("COMMIT"), Wire.ready('I'));
    assertThat(client.typesTo('Z')).isEqualTo("CZ");
    List<Peer.Message> end = broken.readToEnd();
    assertThat(end.toString()).contains("FATAL", "bad packet header: '5100000003'");
  }

  @Test
  void rollsBackWhenAClientLeavesBeforeSync() throws IOException {
    client.send(Wire.parse("", "insert"), Wire.flush());
    server.read();
    server.send(Wire.message('1'));
    client.read();
    client.close();
    assertThat(server.types(2)).isEqualTo("HQ");
  }

  @Test
  void sendsTheSyncThatNeverCame() throws IOException {
    client.send(Wire.parse("", "wrong"), Wire.flush());
    server.types(2);
    server.send(Wire.error("42601", "syntax error"));
    client.read();
    client.close();
    assertThat(server.types(1)).isEqualTo("S");
  }

  @Test
  void putsNoErrorIntoTheMiddleOfAMessage() throws IOException {
    client.send(Wire.query("select"));
    server.read();
    byte[] row = Wire.row(1000);
    server.send(Arrays.copyOf(row, row.length - 40));
    assertThat(client.readByte()).isEqualTo('D');
    server.close();
    int rest = client.socket().getInputStream().readAllBytes().length;
    assertThat(rest).isEqualTo(row.length - 40 - 1);
  }

  @Test
  void putsNoTerminateIntoTheMiddleOfAMessage() throws IOException {
    byte[] query = Wire.query("select '" + "x".repeat(20_000) + "'");
    client.send(Arrays.copyOf(query, query.length - 5));
    assertThat(server.readByte()).isEqualTo('Q');
    client.close();
    int rest = server.socket().getInputStream().readAllBytes().length;
    assertThat(rest).isLessThanOrEqualTo(query.length - 5 - 1);
  }

  @Test
  void takesTheEndOfACopyThatWasSentBeforeTheServerAskedForData() throws IOException {
    client.send(
        Wire.parse("", "copy"),
        Wire.bind(""),
        Wire.execute(),
        Wire.message('d', new byte[] {1}),
        Wire.message('c'),
        Wire.sync());
    assertThat(server.types(6)).isEqualTo("PBEdcS");
    server.send(Wire.message('1'), Wire.message('2'), Wire.copyIn());
    server.send(Wire.complete("COPY 1"), Wire.ready('I'));
    assertThat(client.typesTo('Z')).isEqualTo("12GCZ");
    client.send(Wire.query("next"));
    assertThat(server.read().text()).isEqualTo("next\0");
  }

  @Test
  void deliversWhatTheServerSaidBeforeItBrokeTheProtocol() throws IOException {
    client.send(Wire.query("select"));
    server.read();
    server.send(Wire.error("57P01", "terminating"), Wire.message('?'));
    List<Peer.Message> end = client.readToEnd();
    assertThat(Peer.types(end)).isEqualTo("EE");
    assertThat(end.get(0).text()).contains("57P01");
    assertThat(end.get(1).text()).contains("FATAL", "unknown pkt");
  }

  @Test
  void keepsAnAnswerOfOursOutOfTheMiddleOfTheServers() throws IOException {
    client.send(Wire.parse("s1", "select"), Wire.sync());
    server.types(2);
    server.send(Wire.message('1'), Wire.ready('I'));
    client.readTo('Z');
    client.send(Wire.describe("s1"), Wire.flush());
    assertThat(server.types(2)).isEqualTo("DH");
    byte[] rows = Wire.message('T', new byte[100]);
    server.send(Wire.message('t', new byte[2]), Arrays.copyOf(rows, 50));
    assertThat(client.read().type()).isEqualTo('t');
    client.send(Wire.close("s1"), Wire.sync());
    assertThat(server.read().type()).isEqualTo('S');
    server.send(Arrays.copyOfRange(rows, 50, rows.length), Wire.ready('I'));
    List<Peer.Message> rest = client.readTo('Z');
    assertThat(Peer.types(rest)).isEqualTo("T3Z");
    assertThat(rest.get(0).text()).isEqualTo("\0".repeat(100));
  }

  @Test
  void givesNobodyTheRestOfAnotherClientsMessage() throws IOException {
    client.send(Wire.query("select"));
    server.read();
    byte[] notice = Wire.notice("a text that is long enough");
    server.send(done(), Arrays.copyOf(notice, 20));
    assertThat(client.typesTo('Z')).isEqualTo("CZ");
    Peer other = proxy.login();
    other.send(Wire.query("other"));
    server.send(Arrays.copyOfRange(notice, 20, notice.length));
    assertThat(client.read().text()).contains("long enough");
    assertThat(server.read().text()).isEqualTo("other\0");
    server.send(done());
    assertThat(other.typesTo('Z')).isEqualTo("CZ");
    other.close();
  }

  @Test
  void endsACopyInTheMiddleOfWhichTheServerFailed() throws IOException {
    client.send(Wire.query("copy"));
    server.read();
    server.send(Wire.copyIn());
    client.read();
    client.send(Wire.message('d', new byte[] {1}));
    server.read();
    server.send(Wire.error("22P04", "bad row"), Wire.ready('I'));
    assertThat(client.typesTo('Z')).isEqualTo("EZ");
    client.send(Wire.message('d', new byte[] {2}), Wire.message('c'), Wire.query("next"));
    List<Peer.Message> sent = server.readTo('Q');
    assertThat(sent.get(sent.size() - 1).text()).isEqualTo("next\0");
  }
}
