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
                  + " wrong numbers of parameters and wrong texts are found before that one.",
              "^(t|E\\{.*C=(08P01, M=bind message supplies|42601, ))",
              "C=25P02, M=current transaction is aborted"),
          new Exemption(
              "Of a client's statements without a name one is kept, not also the one before: after"
                  + " an error that has skipped a new one, another server has none.",
              "^(2$|t|E\\{.*C=(08P01, M=bind message supplies|22P02, |22012, |25P02, ))",
              "C=26000, M=unnamed prepared statement does not exist"));

  private DeliberateDifferences() {}
}
