package io.sluice.demo.postgres;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PostgreSQL servers that the machine has of its own. */
final class SystemPostgres {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+(?:\\.\\d+)*)");

  /** Where the packages of Debian, of Red Hat and of Homebrew put their versions. */
  private static final List<String> PARENTS =
      List.of("/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt");

  private SystemPostgres() {}

  /** Finds the newest one that a version covers. */
  static Optional<PostgresBinaries> find(PostgresVersion wanted) throws IOException {
    List<PostgresBinaries> found = new ArrayList<>();
    for (Path bin : places()) {
      if (PostgresBinaries.isComplete(bin)) {
        versionOf(bin)
            .filter(wanted::covers)
            .ifPresent(version -> found.add(new PostgresBinaries(version, bin)));
      }
    }
    return found.stream().max(Comparator.comparing(PostgresBinaries::version));
  }

  /** Lists the directories that are searched. */
  static List<Path> places() throws IOException {
    List<Path> places = new ArrayList<>();
    for (String parent : PARENTS) {
      if (Files.isDirectory(Path.of(parent))) {
        try (DirectoryStream<Path> versions =
            Files.newDirectoryStream(Path.of(parent), "{[0-9]*,pgsql-*,postgresql@*}")) {
          versions.forEach(version -> places.add(version.resolve("bin")));
        }
      }
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!entry.isEmpty()) {
        places.add(realBin(Path.of(entry)));
      }
    }
    return places;
  }

  /** Follows a link such as {@code /usr/local/bin/postgres} to where the whole installation is. */
  private static Path realBin(Path directory) throws IOException {
    Path program = directory.resolve("postgres");
    Path parent = Files.exists(program) ? program.toRealPath().getParent() : null;
    return parent == null ? directory : parent;
  }

  private static Optional<PostgresVersion> versionOf(Path bin) throws IOException {
    CommandResult result =
        Command.of(bin.resolve("postgres").toString(), "--version").run(Duration.ofSeconds(20));
    Matcher matcher = VERSION.matcher(result.output());
    return matcher.find() ? Optional.of(new PostgresVersion(matcher.group(1))) : Optional.empty();
  }
}
