package io.sluice.it;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL's own client, without its start-up file and with unaligned output.
 *
 * @param host a name, an address or the directory of a Unix socket
 * @param port the port, or the number in the socket's name
 * @param user who logs in
 * @param password answers a password request; empty for none
 */
record Psql(String host, int port, String user, String password) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Connects to a port of this machine. */
  static Psql tcp(int port, String user) {
    return new Psql("127.0.0.1", port, user, "");
  }

  /** Runs statements, each as a query of its own, and returns what psql prints, errors included. */
  CommandResult run(String database, String... statements) throws IOException {
    return command(database, statements).run(LIMIT);
  }

  /** Runs statements that must succeed, and returns the rows: fields by {@code |}, a row a line. */
  String query(String database, String... statements) throws IOException {
    CommandResult result = run(database, statements);
    if (!result.isSuccess()) {
      throw new AssertionError("psql: exit status " + result.exitCode() + ": " + result.output());
    }
    return result.output().strip();
  }

  /** Returns the words of the command line, for another user to run. */
  List<String> words(String database, String... statements) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "psql",
                "--no-psqlrc",
                "--no-align",
                "--tuples-only",
                "--no-password",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--host=" + host,
                "--port=" + port,
                "--username=" + user,
                "--dbname=" + database));
    for (String statement : statements) {
      words.add("--command=" + statement);
    }
    return words;
  }

  private Command command(String database, String... statements) {
    Command command = Command.of(words(database, statements));
    return password.isEmpty() ? command : command.with("PGPASSWORD", password);
  }
}
