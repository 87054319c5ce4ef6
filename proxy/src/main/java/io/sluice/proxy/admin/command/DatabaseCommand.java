package io.sluice.proxy.admin.command;

import io.sluice.proxy.catalog.Database;
import java.util.function.BiConsumer;

/** DISABLE and ENABLE: refuse, or accept, logins to one database. */
final class DatabaseCommand implements Command {
  private final String tag;
  private final String verb;
  private final BiConsumer<CommandCall, String> action;

  private DatabaseCommand(String tag, String verb, BiConsumer<CommandCall, String> action) {
    this.tag = tag;
    this.verb = verb;
    this.action = action;
  }

  static DatabaseCommand disable() {
    return new DatabaseCommand(
        "DISABLE", "disable", (call, database) -> call.actions().disable(database));
  }

  static DatabaseCommand enable() {
    return new DatabaseCommand(
        "ENABLE", "enable", (call, database) -> call.actions().enable(database));
  }

  @Override
  public Answer run(CommandCall call) {
    if (!call.hasArgument()) {
      return Answer.refused("a database is required");
    }
    call.logWithArgument(tag);
    if (call.namesConsole()) {
      return Answer.refused("cannot " + verb + " admin db: " + call.argument());
    }
    Database database = call.openDatabase();
    if (database == null) {
      return call.noSuchDatabase();
    }
    action.accept(call, database.name());
    return new Answer.Done(tag);
  }
}
