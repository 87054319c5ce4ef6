package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;

/** PAUSE: lets servers finish what they do and closes them; answers when they are gone. */
final class PauseCommand implements Command {
  private static final String TAG = "PAUSE";

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    return call.hasArgument() ? pauseOne(call) : pauseAll(call);
  }

  private static Answer pauseAll(CommandCall call) {
    ConsoleActions actions = call.actions();
    if (actions.isPaused() || actions.isSuspended()) {
      return Answer.refused("already suspended/paused");
    }
    actions.pauseAll();
    return new Answer.Later(
        TAG, waiting -> actions.whenPaused(null, waiting), () -> ResumeCommand.undo(actions));
  }

  private static Answer pauseOne(CommandCall call) {
    if (call.namesConsole()) {
      return Answer.refused("cannot pause admin db: " + call.argument());
    }
    Database database = call.openDatabase();
    if (database == null) {
      return call.noSuchDatabase();
    }
    ConsoleActions actions = call.actions();
    String name = database.name();
    actions.pause(name);
    return new Answer.Later(
        TAG,
        waiting -> actions.whenPaused(name, waiting),
        () -> {
          if (database.isPaused()) {
            actions.resume(name);
          }
        });
  }
}
