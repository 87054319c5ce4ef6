package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;

/** RECONNECT: has servers replaced as soon as they are released. */
final class ReconnectCommand implements Command {
  private static final String TAG = "RECONNECT";

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    if (!call.hasArgument()) {
      call.actions().reconnect(null);
      return new Answer.Done(TAG);
    }
    if (call.namesConsole()) {
      return Answer.refused("cannot reconnect admin db: " + call.argument());
    }
    Database database = call.openDatabase();
    if (database == null) {
      return call.noSuchDatabase();
    }
    call.actions().reconnect(database.name());
    return new Answer.Done(TAG);
  }
}
