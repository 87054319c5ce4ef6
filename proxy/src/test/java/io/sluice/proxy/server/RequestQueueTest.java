package io.sluice.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
  private final RequestQueue queue = new RequestQueue();
  private final List<String> undone = new ArrayList<>();

  private void forward(String types) {
    for (int i = 0; i < types.length(); i++) {
      char type = types.charAt(i);
      queue.add((byte) type, RequestQueue.FORWARD, () -> undone.add("" + type));
    }
  }

  private String drain() {
    StringBuilder types = new StringBuilder();
    while (!queue.isEmpty()) {
      types.append((char) queue.headType());
      queue.pop();
    }
    return types.toString();
  }

  @Test
  void keepsTheOrderWhileItGrowsAndTurns() {
    StringBuilder wanted = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      char type = "PBDES".charAt(i % 5);
      forward(String.valueOf(type));
      wanted.append(type);
      if (i % 3 == 0) {
        assertThat((char) queue.headType()).isEqualTo(wanted.charAt(0));
        queue.pop();
        wanted.deleteCharAt(0);
      }
    }
    assertThat(drain()).isEqualTo(wanted.toString());
    assertThat(queue.headType()).isEqualTo(RequestQueue.NONE);
  }

  @Test
  void dropsUpToTheNextSyncAfterAnErrorAndUndoesTheLatestFirst() {
    forward("PBESPBES");
    queue.failToSync();
    assertThat(undone).containsExactly("E", "B", "P");
    assertThat(queue.isSkippingToSync()).isFalse();
    assertThat(drain()).isEqualTo("SPBES");
  }

  @Test
  void skipsUntilASyncIsSent() {
    forward("PB");
    queue.failToSync();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isSkippingToSync()).isTrue();
    forward("S");
    assertThat(queue.isSkippingToSync()).isFalse();
    assertThat(drain()).isEqualTo("S");
  }

  @Test
  void dropsTheSyncThatACopyHasEaten() {
    forward("EScS");
    assertThat(queue.dropToCopyEnd()).isTrue();
    assertThat(drain()).isEqualTo("S");
  }

  @Test
  void dropsWhatACopyByQueryHasEatenAndKeepsTheQuery() {
    forward("QSScQS");
    queue.dropToCopyEndAfterHead();
    assertThat(drain()).isEqualTo("QQS");
  }

  @Test
  void leavesTheEndOfTheNextCopyOfTheSameQuery() {
    forward("QccQc");
    queue.dropToCopyEndAfterHead();
    queue.dropToCopyEndAfterHead();
    assertThat(drain()).isEqualTo("QQ");
  }

  @Test
  void dropsASyncThatWasSentBeforeTheDataOfACopyThatFailed() {
    forward("QS");
    queue.dataSent();
    forward("Sc");
    queue.failCopyAfterHead();
    assertThat(drain()).isEqualTo("QS");
  }

  @Test
  void leavesTheSyncBehindAFailedCopy() {
    forward("ESfS");
    queue.failCopy();
    assertThat(queue.isSkippingToSync()).isFalse();
    assertThat(drain()).isEqualTo("S");
  }

  @Test
  void waitsForASyncBehindACopyThatFailedBeforeItsEnd() {
    forward("ES");
    queue.failCopy();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isSkippingToSync()).isTrue();
  }

  @Test
  void skipsTheEndOfACopyThatWasNone() {
    forward("Ec");
    queue.pop();
    assertThat(queue.isEmpty()).isTrue();
    forward("QcfQ");
    queue.pop();
    assertThat(drain()).isEqualTo("Q");
  }

  @Test
  void isNotSettledByAnAnswerWithoutReadyForQuery() {
    assertThat(queue.isSettled()).isTrue();
    forward("P");
    queue.pop();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isSettled()).isFalse();
    forward("S");
    queue.pop();
    queue.readyReceived();
    assertThat(queue.isSettled()).isTrue();
  }

  @Test
  void staysUnsettledWhileMoreIsOwed() {
    forward("SP");
    queue.pop();
    queue.readyReceived();
    queue.pop();
    assertThat(queue.isSettled()).isFalse();
  }

  @Test
  void isSettledByWhatWasNeverSent() {
    queue.add((byte) 'C', RequestQueue.FAKE, null);
    queue.pop();
    assertThat(queue.isSettled()).isTrue();
  }

  @Test
  void forgetsWithoutUndoing() {
    forward("PBE");
    queue.failToSync();
    undone.clear();
    forward("PBE");
    queue.clear();
    assertThat(undone).isEmpty();
    assertThat(queue.isSettled()).isTrue();
    assertThat(queue.isSkippingToSync()).isFalse();
  }
}
