package io.sluice.proxy.admin.command;

import static io.sluice.proxy.admin.command.CommandRow.admin;
import static io.sluice.proxy.admin.command.CommandRow.open;

import io.sluice.proxy.admin.command.CommandRow.Form;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All commands, each once: the parser, SHOW HELP and the check of permissions read from here.
 * Immutable.
 */
public final class CommandTable {
  private static final int MAX_WORD_BYTES = 15;
  private static final int MAX_ARGUMENT_BYTES = 63;
  private static final int MAX_VALUE_BYTES = 255;

  private static final String SHOW = "SHOW";

  /** In the order of SHOW HELP. */
  private static final List<CommandRow> ROWS =
      List.of(
          open("SET", Form.ASSIGNMENT, new SetCommand(), "SET key = arg"),
          admin("RELOAD", Form.ALONE, new ReloadCommand(), "RELOAD"),
          admin("PAUSE", Form.OPTIONAL_ARGUMENT, new PauseCommand(), "PAUSE [<db>]"),
          admin("RESUME", Form.OPTIONAL_ARGUMENT, new ResumeCommand(), "RESUME [<db>]"),
          admin("DISABLE", Form.ARGUMENT, DatabaseCommand.disable(), "DISABLE <db>"),
          admin("ENABLE", Form.ARGUMENT, DatabaseCommand.enable(), "ENABLE <db>"),
          admin("RECONNECT", Form.OPTIONAL_ARGUMENT, new ReconnectCommand(), "RECONNECT [<db>]"),
          admin("KILL", Form.OPTIONAL_ARGUMENT, new KillCommand(), "KILL [<db>]"),
          admin("KILL_CLIENT", Form.ARGUMENT, new KillClientCommand(), "KILL_CLIENT <client_id>"),
          admin("SUSPEND", Form.ALONE, new SuspendCommand(), "SUSPEND"),
          admin(
              "SHUTDOWN",
              Form.OPTIONAL_ARGUMENT,
              new ShutdownCommand(),
              "SHUTDOWN",
              "SHUTDOWN WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS"),
          admin("WAIT_CLOSE", Form.OPTIONAL_ARGUMENT, new WaitCloseCommand(), "WAIT_CLOSE [<db>]"));

  private CommandTable() {}

  /** Reads a text: finds the command, checks its form, not yet who gives it. */
  public static Reading read(String text) {
    if (text.isBlank()) {
      return new Reading.Empty();
    }
    CommandText parts = CommandParser.parse(text);
    if (parts == null) {
      return new Reading.NotUnderstood(notACommand(text));
    }
    if (isTooLong(parts)) {
      return new Reading.NotUnderstood(Answer.refused("bad arguments"));
    }
    if (parts.word().equals(SHOW) || parts.word().equals("SELECT")) {
      return readShow(parts, text);
    }
    CommandRow row = find(parts.word());
    if (row == null || !row.accepts(parts)) {
      return new Reading.NotUnderstood(notACommand(text));
    }
    return new Reading.Understood(parts, guarded(row.needsAdmin(), row.command()), null);
  }

  private static Reading readShow(CommandText parts, String text) {
    ShowRow row = Shows.find(parts.argument().toUpperCase(Locale.ROOT));
    if (row == null || parts.value() != null) {
      return new Reading.NotUnderstood(notACommand(text));
    }
    if (row.show() == null) {
      return new Reading.Understood(parts, call -> help(), null);
    }
    Command command = guarded(row.needsAdmin(), new ShowCommand(row.show()));
    return new Reading.Understood(parts, command, row.show().columns());
  }

  private static Command guarded(boolean needsAdmin, Command command) {
    if (!needsAdmin) {
      return command;
    }
    return call -> call.mayChange() ? command.run(call) : Answer.refused("admin access needed");
  }

  private static boolean isTooLong(CommandText parts) {
    return bytes(parts.word()) > MAX_WORD_BYTES
        || bytes(parts.argument()) > MAX_ARGUMENT_BYTES
        || bytes(parts.value()) > MAX_VALUE_BYTES;
  }

  private static int bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static @Nullable CommandRow find(String word) {
    for (CommandRow row : ROWS) {
      if (row.word().equals(word)) {
        return row;
      }
    }
    return null;
  }

  /** The answer to what is no command. */
  public static Answer.Refused notACommand(String text) {
    return Answer.refused("invalid command '" + text + "', use SHOW HELP;");
  }

  /** SHOW HELP. */
  private static Answer help() {
    StringBuilder detail = new StringBuilder();
    for (List<ShowRow> line : Shows.LINES) {
      detail.append("\n\t").append(SHOW).append(' ');
      detail.append(String.join("|", line.stream().map(ShowRow::word).toList()));
    }
    for (CommandRow row : ROWS) {
      row.help().forEach(line -> detail.append("\n\t").append(line));
    }
    return new Answer.Told("Console usage", detail.toString(), ShowCommand.TAG);
  }

  /** All rows, for tests. */
  static List<CommandRow> rows() {
    return ROWS;
  }
}
