package io.sluice.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.scram.ScramSecret;
import io.sluice.proxy.catalog.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LookalikesTest {
  private static final byte[] SALT = new byte[16];

  private final Lookalikes lookalikes = new Lookalikes();

  private static Credentials scram(int iterations) {
    return new Credentials(ScramSecret.derive("secret", SALT, iterations).print());
  }

  private int countOf(int kind) {
    int count = 0;
    for (int i = 0; i < 1000; i++) {
      count += lookalikes.kindOf("user" + i) == kind ? 1 : 0;
    }
    return count;
  }

  @Test
  void isLikeTheOnlyKindThereIs() {
    lookalikes.configure(Map.of("a", scram(7), "b", scram(7), "c", new Credentials("")));
    assertThat(countOf(7)).isEqualTo(1000);

    lookalikes.configure(Map.of("a", new Credentials("password")));
    assertThat(countOf(Lookalikes.NO_SCRAM)).isEqualTo(1000);
  }

  @Test
  void mixesKindsAsTheListDoes() {
    Credentials password = new Credentials("password");
    lookalikes.configure(Map.of("a", scram(7), "b", scram(7), "c", scram(7), "d", password));

    assertThat(countOf(7)).isBetween(650, 850);
    assertThat(countOf(Lookalikes.NO_SCRAM)).isEqualTo(1000 - countOf(7));
  }

  /** Otherwise asking twice, or asking for others in between, would tell. */
  @Test
  void staysTheSameForAName() {
    lookalikes.configure(Map.of("a", scram(7), "b", new Credentials("password")));
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      first.add(lookalikes.kindOf("user" + i));
    }
    lookalikes.found("a", scram(7));
    for (int i = 0; i < 100; i++) {
      second.add(lookalikes.kindOf("user" + i));
    }
    assertThat(second).isEqualTo(first);
  }

  @Test
  void learnsFromTheFirstSecretThatIsFoundWhereThereIsNoList() {
    lookalikes.configure(Map.of());
    lookalikes.found("a", new Credentials(""));
    lookalikes.found("b", scram(7));
    lookalikes.found("c", new Credentials("password"));
    lookalikes.configure(Map.of());

    assertThat(countOf(7)).isEqualTo(1000);
  }

  /** A list of administrators with md5 secrets says nothing of users that are looked up. */
  @Test
  void learnsFromWhatIsFoundBesideTheList() {
    lookalikes.configure(Map.of("admin", new Credentials("password")));
    lookalikes.found("admin", new Credentials("password"));
    assertThat(countOf(Lookalikes.NO_SCRAM)).isEqualTo(1000);

    lookalikes.found("alice", scram(7));
    assertThat(countOf(7)).isEqualTo(1000);
  }
}
