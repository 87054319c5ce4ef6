package io.sluice.proxy.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.proxy.prepare.ServerStatements.Presence;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ServerStatementsTest {
  private final StatementCache cache = new StatementCache(StatementCache.mostBytes());
  private final ServerStatements server = new ServerStatements(cache);
  private final Statement one = statement("select 1");
  private final Statement two = statement("select 2");

  private Statement statement(String sql) {
    byte[] body = (sql + "\0\0\0").getBytes(StandardCharsets.US_ASCII);
    return Objects.requireNonNull(cache.open(Unpooled.wrappedBuffer(body), 0, body.length));
  }

  private void parsed(Statement statement, long request) {
    server.parsing(statement, request);
    server.parsed(statement);
  }

  @Test
  void expectsAStatementInTheSameGroup() {
    server.parsing(one, 1);
    assertThat(server.use(one, 1, 0)).isEqualTo(Presence.PRESENT);
    assertThat(server.use(two, 1, 0)).isEqualTo(Presence.ABSENT);
  }

  @Test
  void doesNotKnowBehindASyncUntilTheAnswerHasCome() {
    server.parsing(one, 1);
    assertThat(server.use(one, 1, 2)).isEqualTo(Presence.UNKNOWN);
    server.parsed(one);
    assertThat(server.use(one, 2, 2)).isEqualTo(Presence.PRESENT);
  }

  @Test
  void forgetsAStatementWhoseParseWasSkipped() {
    server.parsing(one, 1);
    server.skipped(one, 1);
    assertThat(server.use(one, 2, 0)).isEqualTo(Presence.ABSENT);
    assertThat(server.count()).isZero();
    assertThat(one.servers()).isZero();
  }

  @Test
  void keepsAStatementWhoseCloseWasSkipped() {
    parsed(one, 1);
    server.closing(one, 2);
    assertThat(server.count()).isZero();
    server.skipped(one, 2);
    assertThat(server.use(one, 3, 0)).isEqualTo(Presence.PRESENT);
    assertThat(server.count()).isOne();
  }

  @Test
  void keepsAStatementThatIsPreparedAgainAlthoughTheFirstParseWasSkipped() {
    server.parsing(one, 1);
    server.closing(one, 3);
    server.parsing(one, 4);
    server.skipped(one, 1);
    server.closed(one, 3);
    server.parsed(one);
    assertThat(server.use(one, 5, 2)).isEqualTo(Presence.PRESENT);
  }

  @Test
  void namesTheLeastRecentlyUsedOfThoseThatStay() {
    parsed(one, 1);
    parsed(two, 2);
    server.use(one, 3, 0);
    assertThat(server.surplus(1)).isSameAs(two);
    server.closing(two, 3);
    assertThat(server.surplus(1)).isNull();
    assertThat(server.surplus(0)).isSameAs(one);
  }

  @Test
  void dropsWhatWasSentBeforeACommandThatDropsAll() {
    parsed(one, 1);
    server.parsing(two, 3);
    server.dropBefore(2);
    assertThat(server.use(one, 3, 0)).isEqualTo(Presence.ABSENT);
    assertThat(server.use(two, 3, 0)).isEqualTo(Presence.PRESENT);
    assertThat(server.count()).isOne();
    assertThat(one.servers()).isZero();
  }

  @Test
  void givesItsReferencesBack() {
    parsed(one, 1);
    server.clear();
    assertThat(one.servers()).isZero();
    assertThat(server.count()).isZero();
  }
}
