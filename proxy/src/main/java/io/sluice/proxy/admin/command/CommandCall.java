package io.sluice.proxy.admin.command;

import static java.util.Objects.requireNonNull;

import io.sluice.proxy.admin.show.ProxyView;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.Front;
import io.sluice.proxy.lifecycle.ConsoleActions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command that somebody gave.
 *
 * @param client who gave it
 * @param mayChange whether that client is an administrator
 * @param text what was given
 */
public record CommandCall(Client client, boolean mayChange, CommandText text, ProxyView view) {
  private static final Logger log = LoggerFactory.getLogger(CommandCall.class);

  public CommandCall {
    requireNonNull(client, "client");
    requireNonNull(text, "text");
    requireNonNull(view, "view");
  }

  /** The argument; empty when there is none. */
  public String argument() {
    return text.argument();
  }

  public boolean hasArgument() {
    return !text.argument().isEmpty();
  }

  public ConsoleActions actions() {
    return view.actions();
  }

  /** Writes the line that tells the operator who did what. */
  void log(String words) {
    log.info("{} {} command issued", client.name(), words);
  }

  /** Writes the line of a command with its argument, if it has one. */
  void logWithArgument(String word) {
    log(hasArgument() ? word + " '" + text.argument() + "'" : word);
  }

  /** The database that the argument names, or null; the console's own is not among them. */
  @Nullable Database findDatabase() {
    for (Database database : view.databases()) {
      if (database.name().equals(text.argument())) {
        return database;
      }
    }
    return null;
  }

  /** The same, made from {@code *} if there is no entry. */
  @Nullable Database openDatabase() {
    if (namesConsole()) {
      return null;
    }
    return view.pools().catalog().findDatabase(text.argument(), view.pools().loop().nowNs());
  }

  /** Says whether the argument names the console's database, which no command acts on. */
  boolean namesConsole() {
    return text.argument().equals(Front.CONSOLE);
  }

  Answer noSuchDatabase() {
    return Answer.refused("no such database: " + text.argument());
  }
}
