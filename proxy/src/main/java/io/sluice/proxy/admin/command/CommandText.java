package io.sluice.proxy.admin.command;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A command as it was written, taken apart. Immutable.
 *
 * @param word the command in upper case
 * @param argument the argument, or the name of the setting for SET; empty if there is none
 * @param value the value for SET, null for every other command
 * @param source the whole text
 */
public record CommandText(String word, String argument, @Nullable String value, String source) {
  public CommandText {
    requireNonNull(word, "word");
    requireNonNull(argument, "argument");
    requireNonNull(source, "source");
  }
}
