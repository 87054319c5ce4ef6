package io.sluice.it;

import io.sluice.it.script.Exemption;
import java.util.List;

/**
 * Where Sluice answers a script in transaction mode otherwise than PostgreSQL does, on purpose. The
 * generated scripts may come upon these; what they never do stands in {@code docs/differences.md}
 * with them.
 */
final class DeliberateDifferences {
  static final List<Exemption> ALL =
      List.of(
          new Exemption(
              "A server that does not have a statement is sent it first, which PostgreSQL refuses"
                  + " in a failed transaction. With the statement there, Describe may work, and"
                  + " other mistakes are found before that one.",
              "^[tE]",
              "C=25P02"),
          new Exemption(
              "Of a client's statements without a name one is kept, not also the one before: after"
                  + " an error that has skipped a new one, another server has none.",
              "^[2tE]",
              "unnamed prepared statement does not exist"));

  private DeliberateDifferences() {}
}
