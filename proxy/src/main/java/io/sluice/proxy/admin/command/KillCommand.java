package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;

/** KILL: ends all clients and servers of a database, or of all, and leaves them paused. */
final class KillCommand implements Command {
  private static final String TAG = "KILL";

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    if (call.actions().isPaused() || call.actions().isSuspended()) {
      return Answer.refused("already suspended/paused");
    }
    if (!call.hasArgument()) {
      call.actions().killAll();
      return new Answer.Done(TAG);
    }
    if (call.namesConsole()) {
      return Answer.refused("cannot kill admin db: " + call.argument());
    }
    Database database = call.openDatabase();
    if (database == null) {
      return call.noSuchDatabase();
    }
    call.actions().kill(database.name());
    return new Answer.Done(TAG);
  }
}
