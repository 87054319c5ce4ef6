package io.sluice.it.script;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some clients send, in one order.
 *
 * @param clients how many
 * @param servers how many of them may be in the middle of something at a time
 * @param bursts what they send
 */
public record Script(int clients, int servers, List<Burst> bursts) {
  /** Keeps a copy of the list. */
  public Script {
    bursts = List.copyOf(bursts);
  }

  /** A script of one server, with as many clients as it names. */
  public static Script of(Burst... bursts) {
    int clients = 1;
    for (Burst burst : bursts) {
      clients = Math.max(clients, burst.client() + 1);
    }
    return new Script(clients, 1, List.of(bursts));
  }

  /** Returns all that is sent, whoever sends it. */
  public byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    bursts.forEach(burst -> burst.requests().forEach(one -> all.writeBytes(one.bytes())));
    return all.toByteArray();
  }

  /** Returns the scripts that have one burst, or one message, less. */
  List<Script> smaller() {
    List<Script> all = new ArrayList<>();
    for (int i = bursts.size() - 1; i >= 0; i--) {
      all.add(with(i, null));
    }
    for (int i = bursts.size() - 1; i >= 0; i--) {
      Burst burst = bursts.get(i);
      if (burst.cut() > 0) {
        all.add(with(i, new Burst(burst.client(), 0, burst.requests())));
      }
      for (int j = burst.requests().size() - 1; j >= 0 && burst.requests().size() > 1; j--) {
        List<Request> rest = new ArrayList<>(burst.requests());
        rest.remove(j);
        all.add(with(i, new Burst(burst.client(), burst.cut(), rest)));
      }
    }
    return all;
  }

  private Script with(int index, @Nullable Burst replacement) {
    List<Burst> rest = new ArrayList<>(bursts);
    if (replacement == null) {
      rest.remove(index);
    } else {
      rest.set(index, replacement);
    }
    return new Script(clients, servers, rest);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(clients + " clients, " + servers + " servers\n");
    bursts.forEach(burst -> text.append("  ").append(burst).append('\n'));
    return text.toString();
  }
}
