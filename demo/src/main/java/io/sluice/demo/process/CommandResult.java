package io.sluice.demo.process;

/**
 * How a command ended.
 *
 * @param exitCode its exit status
 * @param output what it wrote to its standard output and error, in the order of writing
 */
public record CommandResult(int exitCode, String output) {
  /** Tells whether the command exited with 0. */
  public boolean isSuccess() {
    return exitCode == 0;
  }
}
