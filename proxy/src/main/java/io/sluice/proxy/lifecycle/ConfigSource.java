package io.sluice.proxy.lifecycle;

import io.sluice.config.load.Result;
import io.sluice.config.value.Values;
import java.io.IOException;

/** Where a proxy gets its configuration from again, and who else has to follow it. */
public interface ConfigSource {
  /** Reads and checks the files anew; any error refuses the whole. */
  Result load();

  /**
   * Has the log follow the new settings, with its file opened anew.
   *
   * @throws IOException if the log file cannot be opened; the old one stays
   */
  void reopenLog(Values values) throws IOException;
}
