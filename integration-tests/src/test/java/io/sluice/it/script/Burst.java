package io.sluice.it.script;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one client sends before it looks at the answers.
 *
 * @param client which one, from 0
 * @param cut after how many bytes the first of two writes ends; 0 for one write
 * @param requests the messages
 */
public record Burst(int client, int cut, List<Request> requests) {
  /** Keeps a copy of the list. */
  public Burst {
    requests = List.copyOf(requests);
  }

  /** One write of a client. */
  public static Burst sends(int client, Request... requests) {
    return new Burst(client, 0, List.of(requests));
  }

  @Override
  public String toString() {
    return client
        + ": "
        + requests.stream().map(Request::toString).collect(Collectors.joining(", "))
        + (cut > 0 ? "   // cut at " + cut : "");
  }
}
