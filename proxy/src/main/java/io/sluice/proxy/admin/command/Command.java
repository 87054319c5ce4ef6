package io.sluice.proxy.admin.command;

/** One command of the console. */
public interface Command {
  /** Does it. The caller's rights and the form of the argument have been checked. */
  Answer run(CommandCall call);
}
