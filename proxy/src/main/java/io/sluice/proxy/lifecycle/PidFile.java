package io.sluice.proxy.lifecycle;

import static java.util.Objects.requireNonNull;

import io.sluice.proxy.os.OwnProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that holds the process id, one number and a line feed, while the process runs. */
public final class PidFile {
  private static final Logger LOG = LoggerFactory.getLogger(PidFile.class);
  private static final int MAX_BYTES = 32;

  private final Path path;
  private final long pid;

  /** Names the file of this process; nothing is read or written yet. */
  public PidFile(Path path) {
    this(path, OwnProcess.pid());
  }

  PidFile(Path path, long pid) {
    this.path = requireNonNull(path, "path");
    this.pid = pid;
  }

  /**
   * Makes sure that the file is not another instance's, and removes it if its process is gone. Our
   * own number counts as gone: in a container the process that wrote it had the same.
   *
   * @throws IOException if another instance seems to run, or the file cannot be read or removed;
   *     the message is fit for an operator
   */
  public void check() throws IOException {
    String text;
    try (var in = Files.newInputStream(path)) {
      text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw new IOException("could not read pidfile '" + path + "': " + e.getMessage(), e);
    }
    if (!isStale(text)) {
      throw new IOException("pidfile '" + path + "' exists, another instance running?");
    }
    LOG.info("stale pidfile, removing");
    Files.deleteIfExists(path);
  }

  /**
   * Creates the file.
   *
   * @throws IOException if it exists by now or cannot be written; the message is fit for an
   *     operator
   */
  public void write() throws IOException {
    byte[] line = (pid + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      Files.write(path, line, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("pidfile '" + path + "' exists, another instance running?", e);
    } catch (IOException e) {
      throw new IOException("could not write pidfile '" + path + "': " + e.getMessage(), e);
    }
  }

  /** Removes the file unless it has become another process's. */
  public void remove() {
    try {
      if (Files.readString(path, StandardCharsets.US_ASCII).equals(pid + "\n")) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("pidfile '{}' was removed by somebody else", path);
    } catch (IOException e) {
      LOG.warn("could not remove pidfile '{}': {}", path, e.getMessage());
    }
  }

  /** An empty or strange file may be one that is just being written. */
  private boolean isStale(String text) {
    String number = text.strip();
    if (!number.matches("[0-9]{1,10}")) {
      return false;
    }
    long writer = Long.parseLong(number);
    return writer == pid || ProcessHandle.of(writer).isEmpty();
  }
}
