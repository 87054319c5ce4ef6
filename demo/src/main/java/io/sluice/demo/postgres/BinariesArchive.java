package io.sluice.demo.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A jar with one {@code .txz} of a PostgreSQL installation.
 *
 * @param jar the file
 */
record BinariesArchive(Path jar) {
  /**
   * Unpacks the installation so that its directory appears whole or not at all, also while other
   * processes do the same.
   */
  void unpack(Path home) throws IOException {
    Path parent = Files.createDirectories(home.toAbsolutePath().getParent());
    Path growing = Files.createTempDirectory(parent, home.getFileName() + ".");
    try {
      Directories.openToAll(growing);
      unpackInto(growing);
      publish(growing, home);
    } finally {
      Directories.delete(growing);
    }
  }

  private static void publish(Path growing, Path home) throws IOException {
    try {
      Files.move(growing, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      // Another process was faster; what it put there is as good.
      if (!PostgresBinaries.isComplete(home.resolve("bin"))) {
        throw e;
      }
    }
  }

  private void unpackInto(Path directory) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        InputStream packed = file.getInputStream(txz(file));
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        extract(entry, tar, directory);
      }
    }
  }

  private JarEntry txz(JarFile file) throws IOException {
    return file.stream()
        .filter(entry -> entry.getName().endsWith(".txz"))
        .findFirst()
        .orElseThrow(() -> new IOException(jar + " has no .txz in it"));
  }

  private void extract(TarArchiveEntry entry, TarArchiveInputStream tar, Path directory)
      throws IOException {
    Path target = directory.resolve(entry.getName()).normalize();
    if (!target.startsWith(directory)) {
      throw new IOException(jar + " has an entry outside its directory: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.copy(tar, target);
      if ((entry.getMode() & 0100) != 0) {
        Directories.openToAll(target);
      }
    }
  }
}
