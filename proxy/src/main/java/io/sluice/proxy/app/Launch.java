package io.sluice.proxy.app;

import java.util.Properties;

/**
 * What the launcher has prepared for this process and says in system properties. Immutable.
 *
 * @param file3IsFree whether file 3 is set aside for SIGQUIT
 * @param upPipe the pipe on which the launcher waits for a daemon to be up, or -1 for none
 */
record Launch(boolean file3IsFree, int upPipe) {
  static Launch of(Properties properties) {
    boolean file3IsFree = "free".equals(properties.getProperty("sluice.file3"));
    String pipe = properties.getProperty("sluice.up.pipe", "");
    return new Launch(file3IsFree, pipe.matches("[0-9]{1,4}") ? Integer.parseInt(pipe) : -1);
  }
}
