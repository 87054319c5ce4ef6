package io.sluice.proxy.admin.command;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One command of the table.
 *
 * @param word the command in upper case
 * @param form whether it takes an argument
 * @param needsAdmin whether statistics users are refused
 * @param help its lines in SHOW HELP; none for what is only there for drivers
 */
record CommandRow(String word, Form form, boolean needsAdmin, List<String> help, Command command) {

  /** What may stand behind the command. */
  enum Form {
    /** Nothing. */
    ALONE,
    /** An argument, or nothing. */
    OPTIONAL_ARGUMENT,
    /** An argument; the command says itself what is missing. */
    ARGUMENT,
    /** A name and a value. */
    ASSIGNMENT
  }

  CommandRow {
    requireNonNull(word, "word");
    requireNonNull(form, "form");
    requireNonNull(command, "command");
    help = List.copyOf(help);
  }

  /** A command for administrators. */
  static CommandRow admin(String word, Form form, Command command, String... help) {
    return new CommandRow(word, form, true, List.of(help), command);
  }

  /** A command for everybody. */
  static CommandRow open(String word, Form form, Command command, String... help) {
    return new CommandRow(word, form, false, List.of(help), command);
  }

  /** Says whether a text has the form. */
  boolean accepts(CommandText text) {
    return switch (form) {
      case ALONE -> text.value() == null && text.argument().isEmpty();
      case OPTIONAL_ARGUMENT, ARGUMENT -> text.value() == null;
      case ASSIGNMENT -> text.value() != null;
    };
  }
}
