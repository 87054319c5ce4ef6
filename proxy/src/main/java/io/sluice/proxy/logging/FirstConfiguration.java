package io.sluice.proxy.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What logback, which finds this class by its service file, starts with: our lines on standard
 * error. Spares the search for XML files, unless the operator names one of his own.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class FirstConfiguration extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty(Logging.OWN_CONFIGURATION) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    // Otherwise logback looks for troubles of its own to print, and makes a formatter of dates for
    // them, which takes longer than all of this.
    context.getStatusManager().add(new NopStatusListener());
    try {
      Logging.apply(context, LogSettings.toStderr());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
