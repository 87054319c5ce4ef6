package io.sluice.proxy.admin;

import io.sluice.proxy.admin.command.Answer;
import io.sluice.proxy.lifecycle.ConsoleActions;

/** A command that is under way: brings its end back to the client that waits for it. */
final class PendingAnswer implements ConsoleActions.Waiting {
  private final ConsolePhase phase;
  private final Answer.Later later;
  private final boolean simple;

  PendingAnswer(ConsolePhase phase, Answer.Later later, boolean simple) {
    this.phase = phase;
    this.later = later;
    this.simple = simple;
  }

  @Override
  public void done() {
    phase.settle(this, new Answer.Done(later.tag()));
  }

  @Override
  public void undone() {
    phase.settle(this, Answer.refused(later.tag() + " was taken back by RESUME"));
  }

  Answer.Later later() {
    return later;
  }

  /** Says whether the command came in the simple protocol, where ReadyForQuery follows. */
  boolean isSimple() {
    return simple;
  }
}
