package io.sluice.demo.postgres;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import io.sluice.demo.process.Unprivileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The files of one temporary PostgreSQL: {@code data/}, the directory of the Unix socket and the
 * log. The socket can be reached by every user of the machine, the data only by PostgreSQL.
 *
 * @param root holds everything, and is removed in the end
 */
record ClusterDirectory(Path root) {
  /** Names the files that the process leaves here. */
  static final String PROCESS = "postgres";

  private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);

  private static final String HBA_FIRST = "local all postgres trust\n";

  private static final String HBA_LAST =
      """
      local all         all trust
      local replication all trust
      host  all         all 127.0.0.1/32 trust
      host  all         all ::1/128 trust
      host  replication all 127.0.0.1/32 trust
      """;

  /** Makes an empty directory that every user may enter. */
  static ClusterDirectory create() throws IOException {
    Path root = Files.createTempDirectory("sluice-pg-");
    Directories.openToAll(root);
    Directories.openToAll(Files.createDirectory(root.resolve("socket")));
    return new ClusterDirectory(root);
  }

  /** Runs initdb with the superuser {@code postgres}. */
  void initialize(PostgresBinaries binaries, Unprivileged unprivileged) throws IOException {
    unprivileged.own(root);
    List<String> initdb =
        List.of(
            binaries.program("initdb"),
            "--pgdata=" + data(),
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync");
    CommandResult result = Command.of(unprivileged.command(initdb)).in(root).run(INITDB_LIMIT);
    if (!result.isSuccess()) {
      throw new IOException("initdb failed: " + result.output());
    }
  }

  /** Writes {@code postgresql.conf}, which keeps what initdb wrote into it. */
  void configure(PostgresOptions options, int port) throws IOException {
    Path file = data().resolve("postgresql.conf");
    Path original = root.resolve("postgresql.conf.initdb");
    if (!Files.exists(original)) {
      Files.copy(file, original);
    }
    String own = configuration(options, port);
    Files.writeString(
        file, Files.readString(original) + own + String.join("\n", options.config()) + "\n");
  }

  /** Chosen for speed: the data need not survive a crash of the machine. */
  private String configuration(PostgresOptions options, int port) {
    return String.format(
        """

      listen_addresses = '127.0.0.1'
      port = %d
      unix_socket_directories = '%s'
      max_connections = %d
      password_encryption = '%s'
      shared_buffers = 32MB
      fsync = off
      synchronous_commit = off
      full_page_writes = off
      max_wal_size = 256MB
      max_wal_senders = 4
      log_destination = stderr
      logging_collector = off
      log_line_prefix = '%%m [%%p] %%q%%u@%%d '
      """,
        port, socket(), options.maxConnections(), options.passwordEncryption());
  }

  /** Writes {@code pg_hba.conf}: the given lines, then one that trusts everybody. */
  void admit(List<String> hba) throws IOException {
    Files.writeString(
        data().resolve("pg_hba.conf"), HBA_FIRST + String.join("\n", hba) + "\n" + HBA_LAST);
  }

  /** Returns what PostgreSQL wrote to its log. */
  String readLog() throws IOException {
    return Files.exists(log()) ? Files.readString(log()) : "";
  }

  Path data() {
    return root.resolve("data");
  }

  Path socket() {
    return root.resolve("socket");
  }

  Path log() {
    return root.resolve(PROCESS + ".log");
  }
}
