package io.sluice.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookupCacheTest {
  private static final long S = 1_000_000_000L;
  private static final LookupCache.Key ALICE =
      new LookupCache.Key("db", "asker", "select", "alice");
  private static final Lookup FAILED = new Lookup.Failed("no server");

  private final LookupCache cache = new LookupCache();

  @BeforeEach
  void keepForAMinute() {
    cache.configure(60 * S);
  }

  /** It may be the name of somebody who was created a moment ago. */
  @Test
  void forgetsSoonThatANameIsMissing() {
    cache.put(ALICE, Lookup.Missing.INSTANCE, 100 * S);

    assertThat(cache.find(ALICE, 105 * S - 1)).isSameAs(Lookup.Missing.INSTANCE);
    assertThat(cache.find(ALICE, 105 * S)).isNull();
  }

  /** Whoever tries a name again and again has it asked for once in that time. */
  @Test
  void keepsWhatIsMissingThroughFailedLogins() {
    cache.put(ALICE, Lookup.Missing.INSTANCE, 100 * S);
    for (long nowNs = 100 * S; nowNs < 105 * S; nowNs += S / 10) {
      cache.doubt(ALICE, nowNs);
      assertThat(cache.find(ALICE, nowNs)).isSameAs(Lookup.Missing.INSTANCE);
    }
  }

  @Test
  void keepsNothingLongerThanItIsTold() {
    cache.configure(2 * S);
    cache.put(ALICE, Lookup.Missing.INSTANCE, 100 * S);

    assertThat(cache.find(ALICE, 102 * S - 1)).isSameAs(Lookup.Missing.INSTANCE);
    assertThat(cache.find(ALICE, 102 * S)).isNull();
  }

  @Test
  void keepsNoFailure() {
    cache.put(ALICE, FAILED, 100 * S);
    assertThat(cache.find(ALICE, 100 * S)).isNull();
  }
}
