package io.sluice.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout that this demonstration was built in. */
final class SourceTree {
  private SourceTree() {}

  /**
   * Finds the launcher: upwards from where this class was loaded from, which is {@code
   * demo/target}.
   *
   * @throws IOException when there is none
   */
  static Path launcher() throws IOException {
    Path start = ownLocation();
    for (Path place = start; place != null; place = place.getParent()) {
      Path launcher = place.resolve("sluice");
      if (Files.isRegularFile(launcher) && Files.isExecutable(launcher)) {
        return launcher;
      }
    }
    throw new IOException("no launcher (./sluice) in a directory above " + start);
  }

  private static @Nullable Path ownLocation() throws IOException {
    var source = SourceTree.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("cannot tell where the demonstration lies", e);
    }
  }
}
