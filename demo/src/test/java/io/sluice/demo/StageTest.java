package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageTest {
  private final List<String> ended = new ArrayList<>();
  private final Stage stage = new Stage();

  @Test
  void takesDownInTheOppositeOrderAndOnce() throws Exception {
    stage.add(() -> ended.add("postgres"));
    stage.add(() -> ended.add("pooler"));

    stage.close();
    stage.close();

    assertThat(ended).containsExactly("pooler", "postgres");
    assertThat(stage.isClosed()).isTrue();
  }

  @Test
  void goesOnAfterAFailure() throws Exception {
    stage.add(() -> ended.add("postgres"));
    stage.add(
        () -> {
          throw new IOException("stuck");
        });

    stage.close();

    assertThat(ended).containsExactly("postgres");
  }

  @Test
  void takesDownAtOnceWhatComesTooLate() {
    stage.close();
    Closeable late = () -> ended.add("late");

    assertThatThrownBy(() -> stage.add(late)).isInstanceOf(IOException.class);

    assertThat(ended).containsExactly("late");
  }
}
