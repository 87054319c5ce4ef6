package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drivers of other languages in their default settings, over transaction mode with fewer servers
 * than connections. The scripts are in {@code src/test/drivers}; what they need is Debian's
 * python3-psycopg2 and python3-psycopg, and Node.js with npm, which installs two packages.
 */
@ExtendWith(PostgresExtension.class)
class ScriptedDriversIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");
  private static final Path SCRIPTS =
      Path.of(
          System.getProperty("sluice.home", "."), "integration-tests", "src", "test", "drivers");
  private static final Path NODE =
      Path.of(System.getProperty("sluice.home", "."), "integration-tests", "target", "node");

  @ParameterizedTest
  @ValueSource(strings = {"psycopg2", "psycopg3"})
  void python(String driver, EmbeddedPostgres postgres) throws Exception {
    String script = SCRIPTS.resolve(driver + "_test.py").toString();
    run(postgres, List.of(python(), script), SCRIPTS);
  }

  @Test
  void nodePgAndPostgres(EmbeddedPostgres postgres) throws Exception {
    installNode();
    run(postgres, List.of("node", "drivers.mjs"), NODE);
  }

  /** Debian's packages are seen by Debian's interpreter; another one may come first on the path. */
  private static String python() {
    return Files.isExecutable(DEBIAN_PYTHON) ? DEBIAN_PYTHON.toString() : "python3";
  }

  private static void installNode() throws Exception {
    Files.createDirectories(NODE);
    for (String file : List.of("package.json", "package-lock.json", "drivers.mjs")) {
      Files.write(NODE.resolve(file), Files.readAllBytes(SCRIPTS.resolve("node").resolve(file)));
    }
    if (!Files.isDirectory(NODE.resolve("node_modules").resolve("postgres"))) {
      succeed(Command.of("npm", "ci", "--no-audit", "--no-fund").in(NODE));
    }
  }

  private static void run(EmbeddedPostgres postgres, List<String> program, Path directory)
      throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    SluiceConfig config =
        SluiceConfig.before(postgres).set("pool_mode", "transaction").set("default_pool_size", 2);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      List<String> words = new ArrayList<>(program);
      words.add(Integer.toString(sluice.port()));
      words.add(database.name());

      succeed(Command.of(words).in(directory));

      assertThat(database.connections()).isBetween(1L, 2L);
    }
  }

  private static void succeed(Command command) throws IOException, InterruptedException {
    CommandResult result = command.run(LIMIT);
    if (!result.isSuccess()) {
      throw new AssertionError("status " + result.exitCode() + ":\n" + result.output());
    }
  }
}
