package io.sluice.proxy.admin.command;

import io.sluice.protocol.SqlState;
import org.jspecify.annotations.Nullable;

/** RELOAD: reads the configuration anew. */
final class ReloadCommand implements Command {
  private static final String TAG = "RELOAD";

  @Override
  public Answer run(CommandCall call) {
    call.log(TAG);
    return new Answer.Soon(answer -> call.actions().reload(end -> answer.accept(answer(end))));
  }

  private static Answer answer(@Nullable String failure) {
    return failure == null
        ? new Answer.Done(TAG)
        : new Answer.Refused(
            SqlState.CONFIG_FILE_ERROR, "RELOAD failed, see logs for additional details");
  }
}
