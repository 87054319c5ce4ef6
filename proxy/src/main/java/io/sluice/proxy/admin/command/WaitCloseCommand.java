package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;
import org.jspecify.annotations.Nullable;

/** WAIT_CLOSE: answers when no server is left that has to be closed. */
final class WaitCloseCommand implements Command {
  private static final String TAG = "WAIT_CLOSE";

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    if (!call.hasArgument()) {
      return waitFor(call.actions(), null);
    }
    if (call.namesConsole()) {
      return Answer.refused("cannot wait in admin db: " + call.argument());
    }
    Database database = call.openDatabase();
    return database == null ? call.noSuchDatabase() : waitFor(call.actions(), database.name());
  }

  private static Answer waitFor(ConsoleActions actions, @Nullable String database) {
    return new Answer.Later(TAG, waiting -> actions.whenClosed(database, waiting), () -> {});
  }
}
