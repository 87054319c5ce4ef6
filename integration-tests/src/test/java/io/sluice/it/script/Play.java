package io.sluice.it.script;

import java.util.List;

/**
 * How PostgreSQL answered a script. Bursts that had to be left out, because too many clients were
 * in the middle of something, are not in it; an end that brings every client to rest is.
 *
 * @param clients how many clients there were
 * @param turns what was sent and what came back, in order
 * @param atRest whether the end has brought every client to rest; if not, one spoke during a COPY
 */
public record Play(int clients, List<Turn> turns, boolean atRest) {
  /** Keeps a copy of the list. */
  public Play {
    turns = List.copyOf(turns);
  }

  /** Says whether a client spoke during a COPY: PostgreSQL has lost step with it then. */
  public boolean isOutOfStep() {
    return !atRest
        || turns.stream()
            .flatMap(turn -> turn.answers().stream())
            .anyMatch(answer -> answer.contains("unexpected message type"));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Turn turn : turns) {
      text.append("  ").append(turn.burst()).append('\n');
      turn.answers().forEach(answer -> text.append("      ").append(answer).append('\n'));
    }
    return text.toString();
  }
}
