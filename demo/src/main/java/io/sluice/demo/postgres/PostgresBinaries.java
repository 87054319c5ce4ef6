package io.sluice.demo.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An installed PostgreSQL server.
 *
 * @param version its version
 * @param bin the directory of {@code initdb} and {@code postgres}
 */
public record PostgresBinaries(PostgresVersion version, Path bin) {
  /**
   * Finds the newest PostgreSQL that a version covers: the packaged binaries at hand, else the
   * system's own, else packaged binaries fetched by Maven.
   *
   * @throws IOException when there is none; the message lists where it was looked for
   */
  public static PostgresBinaries find(PostgresVersion wanted) throws IOException {
    PackagedPostgres packaged = PackagedPostgres.here();
    Optional<PostgresBinaries> found = packaged.atHand(wanted);
    if (found.isEmpty()) {
      found = SystemPostgres.find(wanted);
    }
    if (found.isEmpty()) {
      found = packaged.fetched(wanted);
    }
    if (found.isEmpty()) {
      throw new IOException(notFound(wanted, packaged));
    }
    return found.get();
  }

  /** Tells whether a directory has the programs that a server needs. */
  static boolean isComplete(Path bin) {
    return Files.isExecutable(bin.resolve("initdb")) && Files.isExecutable(bin.resolve("postgres"));
  }

  /** Returns the path of a program. */
  public String program(String name) {
    return bin.resolve(name).toString();
  }

  private static String notFound(PostgresVersion wanted, PackagedPostgres packaged)
      throws IOException {
    List<String> places = new ArrayList<>(packaged.places());
    SystemPostgres.places().forEach(place -> places.add(place.toString()));
    return "no PostgreSQL " + wanted + " found; looked for in:\n  " + String.join("\n  ", places);
  }
}
