package io.sluice.it;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own load generator.
 *
 * @param port a port of this machine
 * @param user who logs in
 * @param database where its tables are
 */
record Pgbench(int port, String user, String database) {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Pattern PROCESSED =
      Pattern.compile("number of transactions actually processed: (\\d+)");

  /** Makes and fills pgbench's tables. */
  void initialize(int scale) throws IOException {
    run("--initialize", "--quiet", "--no-vacuum", "--scale=" + scale);
  }

  /**
   * Runs a load that must end without an error.
   *
   * @param options pgbench's own: {@code --protocol=prepared}, {@code --client=50}, …
   * @return how many transactions were processed
   */
  long run(String... options) throws IOException {
    CommandResult result = command(options).run(LIMIT);
    if (!result.isSuccess() || result.output().contains("ERROR")) {
      throw new AssertionError("pgbench: status " + result.exitCode() + ":\n" + result.output());
    }
    Matcher matcher = PROCESSED.matcher(result.output());
    return matcher.find() ? Long.parseLong(String.valueOf(matcher.group(1))) : 0;
  }

  /** Returns the command, for loads that are meant to fail or to be killed. */
  Command command(String... options) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(program());
    words.addAll(List.of("--host=127.0.0.1", "--port=" + port, "--username=" + user));
    words.addAll(List.of(options));
    words.add(database);
    return Command.of(words);
  }

  /** Debian keeps the program among the server's, off the path, in some of its releases. */
  private static String program() throws IOException {
    Path installed = Path.of("/usr/lib/postgresql");
    if (!Files.isExecutable(Path.of("/usr/bin/pgbench")) && Files.isDirectory(installed)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(installed)) {
        for (Path version : versions) {
          Path program = version.resolve("bin").resolve("pgbench");
          if (Files.isExecutable(program)) {
            return program.toString();
          }
        }
      }
    }
    return "pgbench";
  }
}
