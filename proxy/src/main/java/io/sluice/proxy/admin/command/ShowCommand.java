package io.sluice.proxy.admin.command;

import io.sluice.proxy.admin.show.Show;
import io.sluice.proxy.admin.show.ShowTable;

/** SHOW: answers with a table. */
final class ShowCommand implements Command {
  static final String TAG = "SHOW";

  private final Show show;

  ShowCommand(Show show) {
    this.show = show;
  }

  @Override
  public Answer run(CommandCall call) {
    ShowTable table = new ShowTable(show.columns());
    show.fill(table, call.view());
    return new Answer.Rows(table);
  }
}
