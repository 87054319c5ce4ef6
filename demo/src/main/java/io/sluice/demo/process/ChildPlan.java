package io.sluice.demo.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start as a {@link ChildProcess}.
 *
 * @param name names the files of its process id ({@code .pid}) and of its output ({@code .log})
 * @param directory where these files are and where it runs; {@code user} may write there
 * @param command the program and its arguments
 * @param environment added to this JVM's own
 * @param user how it gives up root's rights
 * @param deathSignal what ends it when this JVM dies
 */
public record ChildPlan(
    String name,
    Path directory,
    List<String> command,
    Map<String, String> environment,
    Unprivileged user,
    String deathSignal) {

  /** Keeps copies. */
  public ChildPlan {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Returns the file that its standard output and error are appended to. */
  public Path log() {
    return directory.resolve(name + ".log");
  }
}
