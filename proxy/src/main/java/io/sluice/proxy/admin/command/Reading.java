package io.sluice.proxy.admin.command;

import io.sluice.protocol.write.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the console made of a text. */
public sealed interface Reading {

  /** Nothing but blanks. */
  record Empty() implements Reading {}

  /**
   * A command.
   *
   * @param columns what it returns, or null if it returns no rows
   */
  record Understood(CommandText text, Command command, @Nullable List<Column> columns)
      implements Reading {}

  /** No command. */
  record NotUnderstood(Answer.Refused refusal) implements Reading {}
}
