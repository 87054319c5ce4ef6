package io.sluice.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.scram.ScramSecret;
import io.sluice.proxy.catalog.Credentials;
import java.util.ArrayList;
import java.util.List;
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
    lookalikes.configure(List.of(scram(7), scram(7), new Credentials("")));
    assertThat(countOf(7)).isEqualTo(1000);

    lookalikes.configure(List.of(new Credentials("password")));
    assertThat(countOf(Lookalikes.NO_SCRAM)).isEqualTo(1000);
  }

  @Test
  void mixesKindsAsTheListDoes() {
    List<Credentials> list = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      list.add(scram(7));
    }
    list.add(new Credentials("password"));
    lookalikes.configure(list);

    assertThat(countOf(7)).isBetween(650, 850);
    assertThat(countOf(Lookalikes.NO_SCRAM)).isEqualTo(1000 - countOf(7));
  }

  /** Otherwise asking twice, or asking for others in between, would tell. */
  @Test
  void staysTheSameForAName() {
    lookalikes.configure(List.of(scram(7), new Credentials("password")));
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      first.add(lookalikes.kindOf("user" + i));
    }
    lookalikes.found(scram(9));
    for (int i = 0; i < 100; i++) {
      second.add(lookalikes.kindOf("user" + i));
    }
    assertThat(second).isEqualTo(first);
  }

  @Test
  void learnsFromTheFirstSecretThatIsFoundWhereThereIsNoList() {
    lookalikes.configure(List.of());
    lookalikes.found(new Credentials(""));
    lookalikes.found(scram(7));
    lookalikes.found(new Credentials("password"));
    lookalikes.configure(List.of());

    assertThat(countOf(7)).isEqualTo(1000);
  }
}
