package io.sluice.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionStateTest {
  private final SessionState state = new SessionState();

  @Test
  void takesAwayWhatWasLeftAndNoMore() {
    assertThat(state.isClean()).isTrue();

    state.note(StateKind.TEMPORARY.bit());
    state.note(StateKind.LISTEN.bit());

    assertThat(state.cure()).isEqualTo("DISCARD TEMP;UNLISTEN *");
    assertThat(state).hasToString("temporary, listen");
    state.forgetAll();
    assertThat(state.isClean()).isTrue();
    assertThat(state.cure()).isEmpty();
  }

  @Test
  void isNotBoundByAListenThatAnotherTakesOver() {
    state.note(StateKind.TEMPORARY.bit());
    state.noteListenForAnother();

    assertThat(state.cure()).isEqualTo("DISCARD TEMP;UNLISTEN *");
    state.forgetAll();
    state.noteListenForAnother();
    assertThat(state.isClean()).isTrue();
    assertThat(state.binds()).isFalse();
    assertThat(state.isListeningForAnother()).isTrue();
    state.forgetAll();
    assertThat(state.isListeningForAnother()).isFalse();
  }

  @Test
  void knowsNoCureForALibrary() {
    state.note(StateKind.LIBRARY.bit());

    assertThat(state.cure()).isNull();
  }

  @Test
  void isBoundByPreparedStatementsUntilEachIsDropped() {
    state.note(StateKind.PREPARED.bit());
    assertThat(state.isClean()).describedAs("before PostgreSQL has prepared it").isTrue();
    state.prepared();
    state.prepared();
    state.deallocated();
    assertThat(state.binds()).isTrue();
    assertThat(state.isClean()).isFalse();
    assertThat(state.cure()).isEqualTo("DEALLOCATE ALL");

    state.deallocated();

    assertThat(state.binds()).isFalse();
    assertThat(state.isClean()).as("what was dropped may have been another name").isFalse();
    assertThat(state.cure()).isEqualTo("DEALLOCATE ALL");
    state.deallocated();
    state.prepared();
    assertThat(state.binds()).isTrue();
    state.allDeallocated();
    assertThat(state.binds()).isFalse();
    assertThat(state.isClean()).isTrue();
    assertThat(state.cure()).isEmpty();
  }

  @Test
  void isBoundByLocksUntilEachIsGivenBack() {
    state.note(StateKind.LOCK.bit());
    state.note(StateKind.LOCK.bit());
    state.note(StatementLook.UNLOCKS);
    assertThat(state.binds()).isTrue();

    state.note(StatementLook.UNLOCKS);

    assertThat(state.binds()).isFalse();
    assertThat(state.cure()).isEqualTo("SELECT pg_catalog.pg_advisory_unlock_all()");
    state.note(StatementLook.UNLOCKS);
    state.note(StateKind.LOCK.bit());
    assertThat(state.binds()).isTrue();
    state.forgetAll();
    assertThat(state.binds()).isFalse();
  }
}
