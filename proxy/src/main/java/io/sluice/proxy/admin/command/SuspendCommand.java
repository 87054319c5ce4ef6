package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;

/** SUSPEND: stops reading everywhere; answers when every buffer is empty. */
final class SuspendCommand implements Command {
  private static final String TAG = "SUSPEND";

  @Override
  public Answer run(CommandCall call) {
    ConsoleActions actions = call.actions();
    if (actions.isPaused() || actions.isSuspended()) {
      return Answer.refused("already suspended/paused");
    }
    // Queries that wait for a paused database would never leave their buffers.
    if (call.view().databases().stream().anyMatch(Database::isPaused)) {
      return Answer.refused("cannot suspend with paused databases");
    }
    call.log(TAG);
    actions.suspend();
    return new Answer.Later(TAG, actions::whenSuspended, () -> ResumeCommand.undo(actions));
  }
}
