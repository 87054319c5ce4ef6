package io.sluice.it.script;

import java.util.List;

/**
 * A burst that was played, and what came back.
 *
 * @param burst what was sent
 * @param answers the messages that came before the client sent its next burst, in print
 */
record Turn(Burst burst, List<String> answers) {
  /** In place of an answer: the connection was closed. */
  static final String CLOSED = "closed";

  /** Keeps a copy of the list. */
  Turn {
    answers = List.copyOf(answers);
  }

  /**
   * Says whether the last answer of another play, which is not what stands here, is meant to be.
   */
  boolean isExempted(Turn other, List<Exemption> exemptions) {
    int last = other.answers.size() - 1;
    return exemptions.stream()
        .anyMatch(exemption -> exemption.covers(answers.get(last), other.answers.get(last)));
  }

  /** Tells what another play has answered in place of what stands here. */
  String tell(Turn other) {
    return "at "
        + burst
        + "\nexpected "
        + String.join("\n         ", answers)
        + "\nbut was  "
        + String.join("\n         ", other.answers);
  }
}
