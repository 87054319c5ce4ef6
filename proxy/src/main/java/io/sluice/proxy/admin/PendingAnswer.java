package io.sluice.proxy.admin;

import io.sluice.proxy.admin.command.Answer;
import io.sluice.proxy.lifecycle.ConsoleActions;

/** A command that is under way: brings its end back to the client that waits for it. */
final class PendingAnswer implements ConsoleActions.Waiting {
  private final ConsolePhase phase;
  private final String tag;
  private final Runnable onCancel;
  private final boolean simple;

  PendingAnswer(ConsolePhase phase, String tag, Runnable onCancel, boolean simple) {
    this.phase = phase;
    this.tag = tag;
    this.onCancel = onCancel;
    this.simple = simple;
  }

  @Override
  public void done() {
    phase.settle(this, new Answer.Done(tag));
  }

  @Override
  public void undone() {
    phase.settle(this, Answer.refused(tag + " was taken back by RESUME"));
  }

  /** Takes back what was begun. */
  void undo() {
    onCancel.run();
  }

  /** Says whether the command came in the simple protocol, where ReadyForQuery follows. */
  boolean isSimple() {
    return simple;
  }
}
