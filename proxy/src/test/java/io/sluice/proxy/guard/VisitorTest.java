package io.sluice.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VisitorTest {
  private static final long S = 1_000_000_000L;
  private static final GuardLimits LIMITS = new GuardLimits(3, 0, 20, 2 * S);

  private final Visitors visitors = new Visitors();
  private Visitor visitor;
  private long now = 17 * S;

  @BeforeEach
  void arrive() throws UnknownHostException {
    visitors.configure(LIMITS);
    visitor = visitors.arrived(InetAddress.getByName("192.0.2.1"));
  }

  private Visitor.Snapshot seen() {
    return visitor.snapshot(now, LIMITS);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      visitor.failed(now, LIMITS);
    }
  }

  @Test
  void answersFailuresLateWhenThereAreMany() {
    for (int i = 0; i < Visitor.FREE_FAILURES; i++) {
      assertThat(visitor.failed(now, LIMITS)).isZero();
    }
    assertThat(visitor.failed(now, LIMITS)).isEqualTo(2 * S);
    assertThat(seen().state()).isEqualTo("delayed");
    assertThat(seen().delayedTotal()).isEqualTo(1);
  }

  @Test
  void forgetsFailuresWhenALoginSucceeds() {
    fail(19);

    visitor.passed();

    assertThat(visitor.failed(now, LIMITS)).isZero();
    assertThat(seen().failedTotal()).isEqualTo(20);
  }

  @Test
  void forgetsFailuresAfterAMinuteWithoutAny() {
    fail(19);
    now += 60 * S + 1;

    assertThat(seen().failed()).isZero();
    assertThat(visitor.failed(now, LIMITS)).isZero();
  }

  @Test
  void letsOneASecondTryAfterTooManyFailures() {
    fail(20);
    assertThat(seen().state()).isEqualTo("refused");

    assertThat(visitor.tries(now, LIMITS, this)).isEqualTo(Verdict.MAY_TRY);
    assertThat(visitor.tries(now + S - 1, LIMITS, this)).isEqualTo(Verdict.TOO_MANY_FAILURES);
    assertThat(visitor.tries(now + S, LIMITS, this)).isEqualTo(Verdict.MAY_TRY);
    assertThat(seen().refusedTotal()).isEqualTo(1);
  }

  @Test
  void looksAtNoMorePasswordsThanLoginsAfterTooManyFailures() {
    fail(20);
    Object tried = new Object();
    Object late = new Object();

    assertThat(visitor.tries(now, LIMITS, tried)).isEqualTo(Verdict.MAY_TRY);
    assertThat(visitor.mayAnswer(now, LIMITS, tried)).isTrue();
    assertThat(visitor.mayAnswer(now + S - 1, LIMITS, late)).isFalse();
    assertThat(visitor.mayAnswer(now + S, LIMITS, late)).isTrue();
    assertThat(visitor.mayAnswer(now + S + 1, LIMITS, late)).isTrue();
    assertThat(visitor.mayAnswer(now + S + 1, LIMITS, tried)).isFalse();
  }

  @Test
  void refusesNobodyWhereSomebodyIsLoggedIn() throws UnknownHostException {
    fail(1000);
    Visitor other = visitors.arrived(InetAddress.getByName("192.0.2.1"));
    other.passed();
    fail(1000);

    assertThat(visitor.tries(now, LIMITS, this)).isEqualTo(Verdict.MAY_TRY);
    assertThat(visitor.tries(now, LIMITS, this)).isEqualTo(Verdict.MAY_TRY);

    visitors.left(other, true, now);
    assertThat(visitor.tries(now, LIMITS, this)).isEqualTo(Verdict.TOO_MANY_FAILURES);
  }

  @Test
  void neverRefusesOrDelaysThisMachine() throws UnknownHostException {
    GuardLimits strict = new GuardLimits(1, 1, 1, S);
    for (InetAddress own :
        new InetAddress[] {
          null, InetAddress.getByName("127.0.0.9"), InetAddress.getLoopbackAddress()
        }) {
      Visitor local = visitors.arrived(own);
      visitors.arrived(own);
      assertThat(local.isCrowded(strict)).isFalse();
      for (int i = 0; i < 100; i++) {
        assertThat(local.tries(now, strict, this)).isEqualTo(Verdict.MAY_TRY);
        assertThat(local.failed(now, strict)).isZero();
      }
      assertThat(local.snapshot(now, strict).state()).isEmpty();
    }
  }

  @Test
  void countsLoginsOfASecond() {
    GuardLimits two = new GuardLimits(0, 2, 0, 0);

    assertThat(visitor.tries(now, two, this)).isEqualTo(Verdict.MAY_TRY);
    assertThat(visitor.tries(now, two, this)).isEqualTo(Verdict.MAY_TRY);
    assertThat(visitor.tries(now, two, this)).isEqualTo(Verdict.TOO_FAST);
    assertThat(visitor.tries(now + S, two, this)).isEqualTo(Verdict.MAY_TRY);
  }

  @Test
  void isCrowdedByThoseWhoHaveNotLoggedIn() throws UnknownHostException {
    for (int i = 0; i < 2; i++) {
      assertThat(visitors.arrived(InetAddress.getByName("192.0.2.1")).isCrowded(LIMITS)).isFalse();
    }
    visitors.arrived(InetAddress.getByName("192.0.2.1"));
    assertThat(visitor.isCrowded(LIMITS)).isTrue();

    visitor.passed();
    assertThat(visitor.isCrowded(LIMITS)).isFalse();
    assertThat(seen().loggingIn()).isEqualTo(3);
    assertThat(seen().loggedIn()).isEqualTo(1);
  }
}
