package io.sluice.proxy.admin.command;

import io.sluice.protocol.SqlState;

/** RELOAD: reads the configuration anew. */
final class ReloadCommand implements Command {
  private static final String TAG = "RELOAD";

  @Override
  public Answer run(CommandCall call) {
    call.log(TAG);
    String failure = call.actions().reload();
    return failure == null
        ? new Answer.Done(TAG)
        : new Answer.Refused(
            SqlState.CONFIG_FILE_ERROR, "RELOAD failed, see logs for additional details");
  }
}
