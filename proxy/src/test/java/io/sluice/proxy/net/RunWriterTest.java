package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.fake.FakeLink;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunWriterTest {
  private final FakeLink link = new FakeLink();
  private final RunWriter run = new RunWriter();

  private static void insert(RunWriter run, String text) {
    run.insert().writeCharSequence(text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void handsOverAReadThatGoesOnWhole() {
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, link);
    run.pass(0, 2);
    run.pass(2, 6);
    run.finish();
    assertThat(link.writes()).containsExactly("abcdef");
    assertThat(link.wasHandedOver(buf)).isTrue();
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void releasesAReadOfWhichNothingGoesOn() {
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, null);
    run.finish();
    assertThat(link.writes()).isEmpty();
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void leavesOutWhatIsNotPassed() {
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, link);
    run.pass(0, 2);
    run.pass(4, 6);
    run.finish();
    assertThat(link.all()).isEqualTo("abef");
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void putsSmallPartsAroundAnInsertIntoOneWrite() {
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, link);
    run.pass(0, 2);
    insert(run, "--");
    run.pass(2, 6);
    run.finish();
    assertThat(link.writes()).containsExactly("ab--cdef");
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void doesNotCopyALargePart() {
    String large = "x".repeat(5000);
    ByteBuf buf = FakeLink.buffer(large);
    run.begin(buf, link);
    insert(run, "--");
    run.pass(0, 5000);
    run.finish();
    assertThat(link.writes()).containsExactly("--", large);
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void sendsToEachTargetItsPart() {
    FakeLink other = new FakeLink();
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, link);
    run.pass(0, 3);
    run.switchTarget(other);
    run.pass(3, 6);
    run.finish();
    assertThat(link.all()).isEqualTo("abc");
    assertThat(other.all()).isEqualTo("def");
    assertThat(buf.refCnt()).isZero();
  }

  @Test
  void keepsTheSourceWhenItsOwnerNeedsIt() {
    ByteBuf buf = FakeLink.buffer("abcdef");
    run.begin(buf, link);
    run.pass(0, 3);
    run.finishKeepingSource();
    assertThat(link.all()).isEqualTo("abc");
    assertThat(buf.refCnt()).isOne();
    buf.release();
  }

  @Test
  void refusesToSendToNobody() {
    ByteBuf buf = FakeLink.buffer("abc");
    run.begin(buf, null);
    run.pass(0, 3);
    assertThatThrownBy(run::finish).isInstanceOf(IllegalStateException.class);
    buf.release();
  }

  @Test
  void writesTheSameBytesHoweverTheyAreCut() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      FakeLink target = new FakeLink();
      StringBuilder wanted = new StringBuilder();
      RunWriter writer = new RunWriter();
      ByteBuf buf = FakeLink.buffer("0123456789".repeat(1 + random.nextInt(900)));
      String text = buf.toString(StandardCharsets.ISO_8859_1);
      writer.begin(buf, target);
      int at = 0;
      while (at < text.length()) {
        int end = Math.min(text.length(), at + 1 + random.nextInt(4000));
        int action = random.nextInt(4);
        if (action == 0) {
          insert(writer, "<i>");
          wanted.append("<i>");
        } else if (action > 1) {
          writer.pass(at, end);
          wanted.append(text, at, end);
        }
        at = action == 0 ? at : end;
      }
      writer.finish();
      assertThat(target.all()).as("seed %d", seed).isEqualTo(wanted.toString());
      assertThat(buf.refCnt()).as("seed %d", seed).isZero();
    }
  }
}
