package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;

/** RESUME: takes PAUSE, SUSPEND or KILL back. */
final class ResumeCommand implements Command {
  private static final String TAG = "RESUME";

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    return call.hasArgument() ? resumeOne(call) : resumeAll(call);
  }

  private static Answer resumeAll(CommandCall call) {
    ConsoleActions actions = call.actions();
    if (actions.isShuttingDown()) {
      return Answer.refused("pooler is shutting down");
    }
    boolean anyPaused = call.view().databases().stream().anyMatch(Database::isPaused);
    if (!actions.isPaused() && !actions.isSuspended() && !anyPaused) {
      return Answer.refused("pooler is not paused/suspended");
    }
    actions.resumeAll();
    return new Answer.Done(TAG);
  }

  private static Answer resumeOne(CommandCall call) {
    Database database = call.findDatabase();
    if (database == null && !call.namesConsole()) {
      return call.noSuchDatabase();
    }
    if (database == null || !database.isPaused()) {
      return Answer.refused("database " + call.argument() + " is not paused");
    }
    call.actions().resume(database.name());
    return new Answer.Done(TAG);
  }

  /** Takes back what a client had begun and does not wait for any more. */
  static void undo(ConsoleActions actions) {
    if ((actions.isPaused() || actions.isSuspended()) && !actions.isShuttingDown()) {
      actions.resumeAll();
    }
  }
}
