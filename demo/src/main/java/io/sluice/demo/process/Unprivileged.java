package io.sluice.demo.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs that refuse to run as root, also when the caller is root. Immutable.
 *
 * <p>Two ways. In a <i>user namespace</i> the process stays root for the rest of the machine but
 * sees itself as the overflow user: files need no other owner, and PostgreSQL is content. As
 * <i>another user</i> it is somebody else for everybody, which is what credentials of Unix sockets
 * need; its files must then be given to it.
 */
public final class Unprivileged {
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);
  private static final String USER = "nobody";

  private final List<String> prefix;
  private final boolean owner;

  private Unprivileged(List<String> prefix, boolean owner) {
    this.prefix = List.copyOf(prefix);
    this.owner = owner;
  }

  /** Tells whether this process is root. */
  public static boolean isRoot() throws IOException {
    return idOf("-u").equals("0");
  }

  /**
   * Finds a way to run programs that only refuse to be root.
   *
   * @throws IOException when the caller is root and nothing works; the message lists what was tried
   */
  public static Unprivileged anyhow() throws IOException {
    List<Unprivileged> ways = new ArrayList<>();
    ways.add(new Unprivileged(List.of("unshare", "-U"), false));
    ways.addAll(otherUsers());
    return firstThatWorks(ways);
  }

  /**
   * Finds a way to run programs under a user id that is not root's.
   *
   * @throws IOException when the caller is root and nothing works; the message lists what was tried
   */
  public static Unprivileged asOtherUser() throws IOException {
    return firstThatWorks(otherUsers());
  }

  /** Returns the command line that runs a command without root's rights. */
  public List<String> command(List<String> words) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(words);
    return whole;
  }

  /** Gives a directory and all that is in it to the user that the programs run as. */
  public void own(Path directory) throws IOException {
    if (!owner) {
      return;
    }
    var user =
        directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.setOwner(file, user);
      }
    }
  }

  private static List<Unprivileged> otherUsers() throws IOException {
    String uid = idOf("-u", USER);
    String gid = idOf("-g", USER);
    return List.of(
        new Unprivileged(
            List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"), true),
        new Unprivileged(List.of("runuser", "-u", USER, "--"), true),
        new Unprivileged(
            List.of("su", "-s", "/bin/sh", USER, "-c", "exec \"$@\"", "--", "sh"), true));
  }

  private static Unprivileged firstThatWorks(List<Unprivileged> ways) throws IOException {
    if (!isRoot()) {
      return new Unprivileged(List.of(), false);
    }
    StringBuilder tried = new StringBuilder();
    for (Unprivileged way : ways) {
      String failure = way.failure();
      if (failure == null) {
        return way;
      }
      tried.append("\n  ").append(String.join(" ", way.prefix)).append(": ").append(failure);
    }
    throw new IOException("running as root, and found no way to give that up; tried:" + tried);
  }

  private @Nullable String failure() {
    try {
      CommandResult result =
          Command.of(command(List.of("sh", "-c", "test \"$(id -u)\" -ne 0"))).run(PROBE_LIMIT);
      return result.isSuccess()
          ? null
          : "exit status " + result.exitCode() + " " + result.output().strip();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String idOf(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("id"));
    command.addAll(List.of(words));
    return Command.of(command).run(PROBE_LIMIT).output().strip();
  }
}
