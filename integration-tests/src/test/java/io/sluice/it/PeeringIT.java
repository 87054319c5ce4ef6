package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.cancelRequest;
import static io.sluice.demo.wire.FrontendMessages.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes that cancel for one another. */
@ExtendWith(PostgresExtension.class)
class PeeringIT {
  private static final String SLEEP = "SELECT pg_sleep(600)";
  private static final String CANCELED = "ERROR: canceling statement due to user request (57014)";

  private final List<SluiceProcess> processes = new ArrayList<>();
  private TestDatabase database;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  @AfterEach
  void stop() throws IOException {
    for (SluiceProcess process : processes) {
      process.close();
    }
  }

  private SluiceConfig config(int peerId) {
    return SluiceConfig.before(postgres)
        .set("pool_mode", "transaction")
        .set("default_pool_size", 3)
        .set("peer_id", peerId);
  }

  /** Starts processes with the ids 1, 2, …, that know one another by TCP. */
  private void start(int count) throws Exception {
    for (int id = 1; id <= count; id++) {
      processes.add(SluiceProcess.start(config(id)));
    }
    for (int id = 1; id <= count; id++) {
      SluiceConfig config = config(id);
      for (int peer = 1; peer <= count; peer++) {
        config.peer(peer, "host=127.0.0.1 port=" + processes.get(peer - 1).port());
      }
      processes.get(id - 1).reload(config);
    }
  }

  private WireClient login(SluiceProcess sluice, int protocol) throws IOException {
    return WireClient.login(
        sluice.tcp(), WireLogin.of("postgres", database.name()).protocol(protocol));
  }

  private static void cancel(WireClient client, SluiceProcess by) throws IOException {
    try (WireClient messenger = WireClient.connect(by.tcp())) {
      messenger.send(cancelRequest(client.processId(), client.secretKey()));
      assertThat(messenger.expectClosed()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {WireLogin.PROTOCOL_3_0, WireLogin.PROTOCOL_3_2})
  void cancelWhatRunsInAnother(int protocol) throws Exception {
    start(3);
    for (SluiceProcess home : processes) {
      for (SluiceProcess by : processes) {
        try (WireClient client = login(home, protocol)) {
          client.send(query(SLEEP));
          database.awaitRunning(SLEEP, 1);

          cancel(client, by);

          assertThatThrownBy(client::readResult).hasMessage(CANCELED);
          assertThat(client.query("SELECT 7").number()).isEqualTo(7);
        }
      }
    }
  }

  /** Such a client's key has PostgreSQL's process id where others have the peer's. */
  @ParameterizedTest
  @ValueSource(ints = {WireLogin.PROTOCOL_3_0, WireLogin.PROTOCOL_3_2})
  void doNotKnowTheKeysOfEarlyLoginsInAnother(int protocol) throws Exception {
    start(2);
    SluiceProcess home = processes.get(0);
    SluiceProcess other = processes.get(1);
    home.reload(
        config(1)
            .set("pool_mode", "session")
            .set("session_login", "early")
            .peer(2, "host=127.0.0.1 port=" + other.port()));
    try (WireClient client = login(home, protocol)) {
      assertThat(client.query("SELECT pg_backend_pid()").number()).isEqualTo(client.processId());
      client.send(query(SLEEP));
      database.awaitRunning(SLEEP, 1);

      cancel(client, other);
      assertThat(database.connections("query = '" + SLEEP + "' AND state = 'active'"))
          .describedAs("only its own process can cancel")
          .isEqualTo(1);
      cancel(client, home);

      assertThatThrownBy(client::readResult).hasMessage(CANCELED);
    }
  }

  /** Every cancel request of a real psql ends at the process that does not have the query. */
  @Test
  void cancelForPsql() throws Exception {
    start(2);
    try (AlternatingRelay relay =
        AlternatingRelay.between(processes.get(0).port(), processes.get(1).port())) {
      for (int round = 0; round < 4; round++) {
        List<String> words = Psql.tcp(relay.port(), "postgres").words(database.name(), SLEEP);
        Process psql = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
          database.awaitRunning(SLEEP, 1);
          int homes = relay.accepted();

          interrupt(psql);

          String said = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(said).contains("canceling statement due to user request");
          assertThat(psql.waitFor()).isNotZero();
          assertThat(relay.accepted()).isEqualTo(homes + 1);
        } finally {
          psql.destroyForcibly();
        }
      }
    }
  }

  private static void interrupt(Process psql) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(psql.pid())).start().waitFor();
  }

  /** Starts two of which the first one demands TLS of the second one. */
  private void startWithTls(CertificateFiles trusted, CertificateFiles shown) throws Exception {
    SluiceConfig other =
        config(2)
            .set("client_tls_sslmode", "allow")
            .set("client_tls_key_file", shown.file("peer.key"))
            .set("client_tls_cert_file", shown.file("peer.crt"));
    processes.add(SluiceProcess.start(config(1)));
    processes.add(SluiceProcess.start(other));
    String peer =
        "host=127.0.0.1 server_tls_sslmode=verify-full server_tls_ca_file=%s port=%d"
            .formatted(trusted.file("ca.crt"), processes.get(1).port());
    processes.get(0).reload(config(1).peer(2, peer));
  }

  @Test
  void encryptWhatTheyPassOnAsTheEntryOfThePeerDemands() throws Exception {
    CertificateFiles ours = CertificateFiles.create("Ours");
    ours.server("peer");
    startWithTls(ours, ours);
    try (WireClient client = login(processes.get(1), WireLogin.PROTOCOL_3_0)) {
      client.send(query(SLEEP));
      database.awaitRunning(SLEEP, 1);

      cancel(client, processes.get(0));

      assertThatThrownBy(client::readResult).hasMessage(CANCELED);
    }
  }

  @Test
  void passNothingOnToOneWhoseCertificateIsNotTrusted() throws Exception {
    CertificateFiles ours = CertificateFiles.create("Ours");
    CertificateFiles theirs = CertificateFiles.create("Theirs");
    ours.server("peer");
    theirs.server("peer");
    startWithTls(ours, theirs);
    try (WireClient client = login(processes.get(1), WireLogin.PROTOCOL_3_0)) {
      client.send(query("SELECT pg_sleep(0.5), 7"));

      cancel(client, processes.get(0));

      assertThat(client.readResult().column("?column?")).containsExactly("7");
      assertThat(processes.get(0).log().matching("peer-2@.*TLS handshake failed: .*")).isNotEmpty();
    }
  }

  /** With TLS demanded, an answer of whoever sits in between cannot make it go without. */
  @Test
  void passNothingOnWithoutTheTlsThatIsDemanded() throws Exception {
    processes.add(SluiceProcess.start(config(1)));
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String peer = "host=127.0.0.1 server_tls_sslmode=require port=" + plain.getLocalPort();
      processes.get(0).reload(config(1).peer(2, peer));
      try (WireClient messenger = WireClient.connect(processes.get(0).tcp())) {
        messenger.send(cancelRequest(0x11_02_00_22, new byte[] {1, 2, 3, 3}));
        try (Socket link = plain.accept()) {
          link.setSoTimeout(30_000);
          byte[] asked = link.getInputStream().readNBytes(8);
          assertThat(asked).containsExactly(0, 0, 0, 8, 4, 210, 22, 47);
          link.getOutputStream().write('N');
          assertThat(link.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(messenger.expectClosed()).isEmpty();
      }
    }
    assertThat(processes.get(0).log().matching("peer-2@.* server refused SSL")).hasSize(1);
  }

  @Test
  void dropWhatWasMadeUp() throws Exception {
    start(2);
    try (WireClient client = login(processes.get(0), WireLogin.PROTOCOL_3_0)) {
      client.send(query("SELECT pg_sleep(0.5), 7"));
      for (int bit = 0; bit < 30; bit += 5) {
        byte[] key = client.secretKey();
        key[bit / 8] ^= (byte) (0x80 >> bit % 8);
        for (SluiceProcess by : processes) {
          try (WireClient messenger = WireClient.connect(by.tcp())) {
            messenger.send(cancelRequest(client.processId(), key));
            messenger.expectClosed();
          }
        }
      }
      assertThat(client.readResult().column("?column?")).containsExactly("7");
    }
  }

  /** Two that take each other for a third one pass a key on until its hops are used up. */
  @Test
  void doNotPassARequestOnForEver() throws Exception {
    start(2);
    SluiceProcess one = processes.get(0);
    SluiceProcess two = processes.get(1);
    one.reload(config(1).peer(3, "host=127.0.0.1 port=" + two.port()));
    two.reload(config(2).peer(3, "host=127.0.0.1 port=" + one.port()));
    try (WireClient messenger = WireClient.connect(one.tcp())) {
      messenger.send(cancelRequest(0x11_03_00_22, new byte[] {1, 2, 3, 3}));
      assertThat(messenger.expectClosed()).isEmpty();
    }
    assertThat(
            one.log().matching("failed cancel request").size()
                + two.log().matching("failed cancel request").size())
        .isEqualTo(1);
  }

  @Test
  void areShownWithWhatIsOnItsWay() throws Exception {
    start(2);
    SluiceProcess one = processes.get(0);
    try (WireClient console = one.console()) {
      var peers = console.query("SHOW PEERS");
      assertThat(peers.column("peer_id")).containsExactly("1", "2");
      assertThat(peers.column("pool_size")).containsExactly("3", "3");
      try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
        String peer =
            "host=127.0.0.1 server_tls_sslmode=disable pool_size=1 port=" + silent.getLocalPort();
        one.reload(config(1).peer(2, peer));
        try (WireClient first = WireClient.connect(one.tcp());
            WireClient second = WireClient.connect(one.tcp())) {
          first.send(cancelRequest(0x11_02_00_22, new byte[] {1, 2, 3, 3}));
          second.send(cancelRequest(0x11_02_00_22, new byte[] {1, 2, 3, 3}));
          awaitPeerPool(console, "2", "1", "1", "1", "0");
        }
        // What was sent stays sent; what waits for the place is dropped.
        awaitPeerPool(console, "2", "1", "0", "1", "0");
      }
      awaitPeerPool(console, "2", "0", "0", "0", "0");
    }
  }

  private static void awaitPeerPool(WireClient console, String... row) throws Exception {
    Eventually.await(
        "SHOW PEER_POOLS has " + List.of(row),
        () -> console.query("SHOW PEER_POOLS").rows().contains(List.of(row)));
  }

  /** What operators do: several processes on one port, that reach one another by Unix sockets. */
  @Test
  void shareAPortSoThatAnyOfThemMayGetTheRequest() throws Exception {
    int port = FreePort.find();
    for (int id = 1; id <= 3; id++) {
      processes.add(
          SluiceProcess.start(config(id).set("listen_port", port).set("so_reuseport", 1)));
    }
    for (int id = 1; id <= 3; id++) {
      SluiceConfig config = config(id).set("listen_port", port).set("so_reuseport", 1);
      for (int peer = 1; peer <= 3; peer++) {
        String directory = processes.get(peer - 1).directory().toString();
        config.peer(peer, "host=" + directory + " port=" + port);
      }
      SluiceProcess process = processes.get(id - 1);
      process.write(config);
      WireAddress own = WireAddress.unix(process.directory(), port);
      try (WireClient console =
          WireClient.login(own, WireLogin.of(SluiceConfig.ADMIN, "pgbouncer"))) {
        console.query("RELOAD");
      }
    }
    for (int round = 0; round < 20; round++) {
      WireLogin login = WireLogin.of("postgres", database.name());
      try (WireClient client = WireClient.login(WireAddress.tcp("127.0.0.1", port), login)) {
        client.send(query(SLEEP));
        database.awaitRunning(SLEEP, 1);
        client.cancel();
        assertThatThrownBy(client::readResult).hasMessage(CANCELED);
      }
    }
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name();
    for (int round = 0; round < 10; round++) {
      try (Connection connection = DriverManager.getConnection(url, "postgres", "");
          Statement statement = connection.createStatement()) {
        Thread canceller = new Thread(() -> cancelOnceItRuns(statement));
        canceller.start();
        assertThatThrownBy(() -> statement.execute(SLEEP))
            .isInstanceOfSatisfying(
                SQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("57014"));
        canceller.join();
      }
    }
  }

  private void cancelOnceItRuns(Statement statement) {
    try {
      database.awaitRunning(SLEEP, 1);
      statement.cancel();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
