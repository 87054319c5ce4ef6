package io.sluice.proxy.admin.command;

import java.util.Locale;

/** SHUTDOWN: ends the process, at once or when clients or servers have gone. */
final class ShutdownCommand implements Command {
  static final String WAIT_FOR_SERVERS = "WAIT_FOR_SERVERS";
  static final String WAIT_FOR_CLIENTS = "WAIT_FOR_CLIENTS";
  private static final String TAG = "SHUTDOWN";

  @Override
  public Answer run(CommandCall call) {
    switch (call.argument().toUpperCase(Locale.ROOT)) {
      case "" -> {
        call.log(TAG);
        call.actions().shutdownNow();
        return new Answer.Ending();
      }
      case WAIT_FOR_SERVERS -> {
        call.log(TAG + " " + WAIT_FOR_SERVERS);
        call.actions().shutdownWaitForServers();
        return new Answer.Done(TAG);
      }
      case WAIT_FOR_CLIENTS -> {
        call.log(TAG + " " + WAIT_FOR_CLIENTS);
        call.actions().shutdownWaitForClients();
        return new Answer.Done(TAG);
      }
      default -> {
        return CommandTable.notACommand(call.text().source());
      }
    }
  }
}
