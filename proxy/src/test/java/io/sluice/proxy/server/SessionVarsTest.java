package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SessionVarsTest {
  private final TrackedParameters tracked = new TrackedParameters(List.of());
  private final SharedVars shared = new SharedVars();

  private SessionVars client(String applicationName) {
    SessionVars vars = new SessionVars(tracked);
    vars.wish(tracked.applicationName(), applicationName);
    vars.share(shared);
    return vars;
  }

  private String name(SessionVars vars) {
    return String.valueOf(vars.get(tracked.applicationName()));
  }

  @Test
  void sharesEqualValues() {
    SessionVars first = client("app");
    SessionVars second = client(new String(new char[] {'a', 'p', 'p'}));
    assertThat(second.get(tracked.applicationName()))
        .isSameAs(first.get(tracked.applicationName()));
  }

  @Test
  void changesNobodyElseWhoSharesTheValues() {
    SessionVars first = client("app");
    SessionVars second = client("app");
    second.set(tracked.applicationName(), "other");
    second.wish(tracked.applicationName(), "third");
    assertThat(name(first)).isEqualTo("app");
    assertThat(name(second)).isEqualTo("third");
    assertThat(name(client("app"))).isEqualTo("app");
  }
}
