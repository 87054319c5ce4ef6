package io.sluice.it;

import static org.assertj.core.api.Assertions.fail;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.it.script.Play;
import io.sluice.it.script.Reducer;
import io.sluice.it.script.Script;
import io.sluice.it.script.ScriptGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever clients send, Sluice answers as PostgreSQL does.
 *
 * <p>{@code -Dsluice.sequences=100000} plays more scripts, {@code -Dsluice.seed=N} others; a
 * failure names the seed of its script.
 */
class GeneratedScriptsIT {
  private static final int SEQUENCES = Integer.getInteger("sluice.sequences", 100);
  private static final long FIRST_SEED = Long.getLong("sluice.seed", 1);

  @ParameterizedTest
  @ValueSource(strings = {"11", "18"})
  void areAnsweredAsPostgresAnswersThem(String version) throws Exception {
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.start(PostgresOptions.DEFAULT.version(version));
        ScriptTargets targets = ScriptTargets.start(postgres)) {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
        play(targets, seed);
      }
    }
  }

  private static void play(ScriptTargets targets, long seed) throws IOException {
    Script script = ScriptGenerator.write(seed);
    Play whole = targets.record(script);
    Optional<String> difference =
        whole.isOutOfStep()
            ? Optional.empty()
            : targets.difference(script, whole, DeliberateDifferences.ALL);
    if (difference.isEmpty()) {
      return;
    }
    Script shortest = Reducer.reduce(script, targets::showsDifference, Duration.ofMinutes(1));
    Play play = targets.record(shortest);
    fail(
        "seed %d, %s%n%s%nshortest script: %sis answered by PostgreSQL%n%s",
        seed,
        difference.get(),
        targets.difference(shortest, play, List.of()).orElse("?"),
        shortest,
        play);
  }
}
