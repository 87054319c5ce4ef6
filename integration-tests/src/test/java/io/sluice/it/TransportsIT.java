package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways to wait for the network, each with what the others may do differently: reading, writing,
 * back-pressure, TLS, Unix sockets, accepting, closing. All other tests run with any of them too:
 * {@code -Dsluice.settings=transport=io_uring}.
 */
@ExtendWith(PostgresExtension.class)
class TransportsIT {
  private static final String ALL = "transport";

  /** The kernel of a test machine may forbid io_uring: then epoll is what Sluice says it uses. */
  private static SluiceProcess start(EmbeddedPostgres postgres, String transport, String workers)
      throws Exception {
    return SluiceProcess.start(config(postgres).set(ALL, transport).set("workers", workers));
  }

  private static SluiceConfig config(EmbeddedPostgres postgres) {
    return SluiceConfig.before(postgres).set("pool_mode", "transaction");
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "epoll", "io_uring", "nio"})
  void saysWhichOneItIs(String transport, EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres, transport, "1")) {
      String used = isReplaced(sluice) || transport.equals("auto") ? "epoll" : transport;

      assertThat(sluice.log().matching("netty \\S+ \\(" + used + "\\)")).hasSize(1);
    }
  }

  /** Only what the kernel refuses: another reason is a mistake of ours. */
  private static boolean isReplaced(SluiceProcess sluice) throws Exception {
    return !sluice
        .log()
        .matching(
            "transport = io_uring does not work here, using epoll: "
                + ".*(not permitted|denied|not implemented|[Pp]ermission)")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "nio"})
  void warnsOfMoreWorkersThanItCanHave(String transport, EmbeddedPostgres postgres)
      throws Exception {
    try (SluiceProcess sluice = start(postgres, transport, "2")) {
      assertThat(sluice.log().matching("workers = 2: there is one, for only epoll|using epoll: "))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"epoll, 2", "io_uring, 1", "nio, 1"})
  void servesManyClients(String transport, String workers, EmbeddedPostgres postgres)
      throws Exception {
    new Pgbench(postgres.port(), "postgres", "postgres").initialize(1);
    try (SluiceProcess sluice = start(postgres, transport, workers)) {
      for (String protocol : List.of("simple", "extended", "prepared")) {
        assertThat(
                new Pgbench(sluice.port(), "postgres", "postgres")
                    .run("-S", "-c", "40", "-j", "2", "-t", "50", "-n", "-M", protocol))
            .isEqualTo(40 * 50);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void carriesLargeResultsAndCopies(String transport, EmbeddedPostgres postgres) throws Exception {
    try (SluiceProcess sluice = start(postgres, transport, "1")) {
      Psql psql = Psql.tcp(sluice.port(), "postgres");
      String md5 = "SELECT md5(string_agg(v, '' ORDER BY v)) FROM transport_rows";
      Path rows = sluice.directory().resolve("rows");

      psql.query(
          "postgres",
          "DROP TABLE IF EXISTS transport_rows",
          "CREATE TABLE transport_rows AS SELECT i || repeat('x', 3000) v FROM"
              + " generate_series(1, 5000) i");
      String before = psql.query("postgres", md5);
      psql.query("postgres", "\\copy transport_rows TO '" + rows + "'");
      psql.query("postgres", "TRUNCATE transport_rows");
      psql.query("postgres", "\\copy transport_rows FROM '" + rows + "'");

      assertThat(Files.size(rows)).isGreaterThan(15_000_000);
      assertThat(psql.query("postgres", md5)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void takesClientsOverTlsAndUnixSockets(String transport, EmbeddedPostgres postgres)
      throws Exception {
    CertificateFiles files = CertificateFiles.create("Ours");
    files.server("sluice");
    SluiceConfig config =
        config(postgres)
            .set(ALL, transport)
            .set("client_tls_sslmode", "allow")
            .set("client_tls_key_file", files.file("sluice.key"))
            .set("client_tls_cert_file", files.file("sluice.crt"));
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      Psql tls = Psql.tcp(sluice.port(), "postgres");
      Psql unix = new Psql(sluice.directory().toString(), sluice.port(), "postgres", "");

      assertThat(
              tls.query("dbname=postgres sslmode=require", "SELECT length(repeat('x', 1000000))"))
          .isEqualTo("1000000");
      assertThat(unix.query("postgres", "SELECT 'unix'")).isEqualTo("unix");
      assertThat(sluice.log().matching("postgres@unix")).isNotEmpty();
    }
  }

  /** Cut in the middle of a transaction: the server is whole again, and another client gets it. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void outlivesClientsThatVanish(String transport, EmbeddedPostgres postgres) throws Exception {
    SluiceConfig config = config(postgres).set(ALL, transport).set("default_pool_size", 1);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      String pid = "";
      for (int i = 0; i < 20; i++) {
        WireClient client = sluice.login("postgres", "postgres");
        client.query("BEGIN");
        String now = String.valueOf(client.query("SELECT pg_backend_pid()").value());
        assertThat(now).isEqualTo(pid.isEmpty() ? now : pid);
        pid = now;
        client.abort();
      }

      assertThat(Psql.tcp(sluice.port(), "postgres").query("postgres", "SELECT pg_backend_pid()"))
          .isEqualTo(pid);
    }
  }
}
