package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import io.sluice.proxy.lifecycle.ConfigSource;
import io.sluice.proxy.logging.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The files and the environment that the process was started with, read anew at each reload. */
final class FileSource implements ConfigSource {
  private final Path file;
  private final Map<String, String> environment;
  private volatile LogChoice log;

  FileSource(Path file, Map<String, String> environment, LogChoice log) {
    this.file = file;
    this.environment = environment;
    this.log = log;
  }

  /** Notes that the process has left its terminal. */
  void leaveTerminal() {
    log = log.withoutStderr();
  }

  @Override
  public Result load() {
    return ConfigLoader.load(file, environment);
  }

  @Override
  public void reopenLog(Values values) throws IOException {
    Logging.configure(log.settings(values));
  }
}
