package io.sluice.proxy.prepare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementCacheTest {
  private static final int TEXT = 100;
  private static final long ENTRY = TEXT + 3 + StatementCache.ENTRY_BYTES;

  /** Room for three statements. */
  private final StatementCache cache = new StatementCache(3 * ENTRY);

  private @Nullable Statement open(int number) {
    byte[] body = (String.format("%0" + TEXT + "d", number) + "\0\0\0").getBytes(US_ASCII);
    return cache.open(Unpooled.wrappedBuffer(body), 0, body.length);
  }

  private Statement opened(int number) {
    return requireNonNull(open(number));
  }

  @Test
  void countsTheBytesOfEachTextOnce() {
    Statement first = opened(1);
    assertThat(opened(1)).isSameAs(first);
    assertThat(cache.bytes()).isEqualTo(ENTRY);
    cache.release(first);
    cache.release(first);
    assertThat(cache.bytes()).isZero();
    assertThat(cache.count()).isZero();
  }

  @Test
  void keepsATextThatOnlyAServerHasWhileThereIsRoom() {
    Statement first = opened(1);
    cache.hold(first);
    cache.release(first);
    assertThat(opened(1)).isSameAs(first);
  }

  @Test
  void givesUpTheTextThatWasLeftFirstWhenThereIsNoRoom() {
    Statement first = opened(1);
    Statement second = opened(2);
    opened(3);
    List.of(first, second).forEach(cache::hold);
    cache.release(first);
    cache.release(second);

    assertThat(open(4)).isNotNull();

    assertThat(first.body()).isEmpty();
    assertThat(second.body()).isNotEmpty();
    assertThat(cache.bytes()).isEqualTo(3 * ENTRY);
    cache.letGo(first);
    assertThat(cache.bytes()).isEqualTo(3 * ENTRY);
  }

  @Test
  void hasNoRoomWhenClientsHaveNamedAllThereIs() {
    opened(1);
    opened(2);
    Statement third = opened(3);
    assertThat(open(4)).isNull();
    assertThat(opened(3)).isSameAs(third);
  }

  @Test
  void takesATextBackThatItHasGivenUp() {
    Statement first = opened(1);
    byte[] body = first.body();
    cache.hold(first);
    cache.release(first);
    opened(2);
    opened(3);
    Statement fourth = opened(4);
    cache.release(fourth);

    cache.reopen(first, body);

    assertThat(first.body()).isEqualTo(body);
    assertThat(opened(1)).isSameAs(first);
    assertThat(cache.bytes()).isEqualTo(3 * ENTRY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverTakesATextFromAClientNorMoreThanItsBytes(long seed) {
    Random random = new Random(seed);
    List<Statement> named = new ArrayList<>();
    List<Statement> held = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          Statement statement = open(random.nextInt(8));
          if (statement != null) {
            named.add(statement);
          }
        }
        case 1 -> {
          if (!named.isEmpty()) {
            Statement statement = named.get(random.nextInt(named.size()));
            cache.hold(statement);
            held.add(statement);
          }
        }
        case 2 -> {
          if (!named.isEmpty()) {
            cache.release(named.remove(random.nextInt(named.size())));
          }
        }
        default -> {
          if (!held.isEmpty()) {
            cache.letGo(held.remove(random.nextInt(held.size())));
          }
        }
      }
      assertThat(named).as("seed %d, step %d", seed, i).noneMatch(s -> s.body().length == 0);
      assertThat(cache.bytes()).as("seed %d, step %d", seed, i).isLessThanOrEqualTo(3 * ENTRY);
    }
    named.forEach(cache::release);
    held.forEach(cache::letGo);
    assertThat(cache.bytes()).as("seed %d", seed).isZero();
    assertThat(cache.count()).as("seed %d", seed).isZero();
  }
}
