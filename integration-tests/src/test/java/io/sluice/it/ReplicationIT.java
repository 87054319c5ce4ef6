package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.copyDone;
import static io.sluice.demo.wire.FrontendMessages.query;
import static io.sluice.demo.wire.FrontendMessages.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Replication connections, message by message. */
@ExtendWith(PostgresExtension.class)
class ReplicationIT {
  private EmbeddedPostgres postgres;
  private TestDatabase database;

  @TempDir private Path directory;

  @BeforeEach
  void createDatabase(EmbeddedPostgres shared) throws Exception {
    postgres = shared;
    database = TestDatabase.create(shared);
  }

  private SluiceConfig config(int poolSize) {
    return SluiceConfig.before(postgres)
        .set("pool_mode", "transaction")
        .set("default_pool_size", poolSize);
  }

  private WireLogin login(String replication) {
    return WireLogin.of("postgres", database.name()).with("replication", replication);
  }

  @Test
  void identifiesTheSystemAsPostgresqlDoes() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(2));
        WireClient direct = WireClient.login(postgres.tcp(), login("true"));
        WireClient pooled = WireClient.login(sluice.tcp(), login("true"))) {
      assertThat(pooled.query("IDENTIFY_SYSTEM").rows().get(0).subList(0, 2))
          .isEqualTo(direct.query("IDENTIFY_SYSTEM").rows().get(0).subList(0, 2));
      assertThatThrownBy(() -> pooled.query("SELECT 1"))
          .hasMessageContaining("cannot execute SQL commands in WAL sender");
    }
  }

  @Test
  void takesSqlOnALogicalConnection() throws Exception {
    try (SluiceProcess sluice =
            SluiceProcess.start(config(2).set("session_state_policy", "reject"));
        WireClient logical = WireClient.login(sluice.tcp(), login("database"))) {
      logical.query("SET geqo = off");
      logical.query("SELECT 1");
      assertThat(logical.query("SHOW geqo").value()).isEqualTo("off");
      assertThat(logical.query("SELECT pg_backend_pid()").number()).isEqualTo(logical.processId());
    }
  }

  /** Nothing is lost while the client reads nothing, and the stream ends as PostgreSQL ends it. */
  @Test
  void streamsTheLogInBothDirections() throws Exception {
    postgres.query(database.name(), "CREATE TABLE t (x text)");
    try (SluiceProcess sluice = SluiceProcess.start(config(3));
        WireClient stream = WireClient.login(sluice.tcp(), login("true"))) {
      String start = flushed();
      stream.send(query("START_REPLICATION PHYSICAL " + start));
      assertThat(stream.readMessage()).hasToString("W(3 bytes)");
      postgres.query(
          database.name(),
          "INSERT INTO t SELECT repeat(md5(i::text), 8) FROM generate_series(1, 100000) i");
      long end = lsn(flushed());
      long position = lsn(start);
      while (position < end) {
        position = follow(stream.readMessage(), position);
      }

      stream.send(status(position), copyDone());

      List<WireMessage> rest = stream.readUntil('Z');
      assertThat(rest.stream().map(WireMessage::type).filter(type -> type != 'd'))
          .containsExactly('c', 'C', 'C', 'Z');
      assertThat(stream.query("IDENTIFY_SYSTEM").rows()).hasSize(1);
    }
  }

  private String flushed() throws Exception {
    return String.valueOf(postgres.query("SELECT pg_current_wal_flush_lsn()").value());
  }

  /** {@code 'w' | int64 start | int64 end | int64 time | bytes}; {@code 'k'} is a keep-alive. */
  private static long follow(WireMessage message, long position) {
    assertThat(message.type()).isEqualTo('d');
    ByteBuffer body = ByteBuffer.wrap(message.body());
    if (body.get() != 'w') {
      return position;
    }
    assertThat(body.getLong()).isEqualTo(position);
    return position + body.capacity() - 25;
  }

  /** {@code 'r' | int64 written | int64 flushed | int64 applied | int64 time | byte reply}. */
  private static byte[] status(long position) {
    return raw(
        'd',
        ByteBuffer.allocate(34)
            .put((byte) 'r')
            .putLong(position)
            .putLong(position)
            .putLong(position)
            .array());
  }

  private static long lsn(String text) {
    String[] halves = text.split("/");
    return Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16);
  }

  @Test
  void closesTheServerWithItsClient() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(config(1));
        WireClient console = sluice.console();
        WireClient ordinary = sluice.login("postgres", database.name())) {
      ordinary.query("SELECT 1");
      try (WireClient stream = WireClient.login(sluice.tcp(), login("true"))) {
        assertThat(console.query("SHOW SERVERS").column("replication")).containsExactly("physical");
        assertThat(console.query("SHOW CLIENTS").column("replication")).contains("physical");
        ordinary.send(query("SELECT 2"));
        String start = stream.query("IDENTIFY_SYSTEM").column("xlogpos").get(0);
        stream.send(query("START_REPLICATION PHYSICAL " + start));
        assertThat(stream.readMessage()).hasToString("W(3 bytes)");
        stream.abort();
      }
      assertThat(ordinary.readResult().number()).isEqualTo(2);
      Eventually.await(
          "the sender is gone",
          () ->
              postgres
                      .query("SELECT count(*) FROM pg_stat_replication WHERE state IS NOT NULL")
                      .number()
                  == 0);
    }
  }

  @Test
  void isAdmittedByTheRecordsOfReplication() throws Exception {
    try (SluiceProcess sluice = SluiceProcess.start(hba("host all all 127.0.0.1/32 trust"))) {
      try (WireClient logical = WireClient.login(sluice.tcp(), login("database"))) {
        assertThat(logical.query("SELECT 1").number()).isEqualTo(1);
      }
      assertThatThrownBy(() -> WireClient.login(sluice.tcp(), login("on")))
          .isInstanceOf(WireError.class)
          .hasMessageContaining("no authentication method is found");
    }
    try (SluiceProcess sluice =
        SluiceProcess.start(hba("host replication all 127.0.0.1/32 trust"))) {
      try (WireClient physical = WireClient.login(sluice.tcp(), login("yes"))) {
        assertThat(physical.query("IDENTIFY_SYSTEM").rows()).hasSize(1);
      }
      assertThatThrownBy(() -> WireClient.login(sluice.tcp(), login("database")))
          .isInstanceOf(WireError.class)
          .hasMessageContaining("no authentication method is found");
    }
  }

  private SluiceConfig hba(String rule) throws Exception {
    Path file = Files.createTempFile(directory, "hba", ".conf");
    Files.writeString(file, rule + "\nhost pgbouncer all 127.0.0.1/32 trust\n");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return config(2).set("auth_type", "hba").set("auth_hba_file", file);
  }
}
