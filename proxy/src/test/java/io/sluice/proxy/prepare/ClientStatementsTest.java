package io.sluice.proxy.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.proxy.prepare.ClientStatements.Named;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClientStatementsTest {
  private static final long SERVER = 7;

  private final StatementCache cache = new StatementCache(StatementCache.mostBytes());
  private final ClientStatements client = new ClientStatements(cache);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Statement name(String name, String sql, long request) {
    byte[] body = bytes(sql + "\0\0\0");
    Statement statement =
        Objects.requireNonNull(cache.open(Unpooled.wrappedBuffer(body), 0, body.length));
    client.put(bytes(name), statement, SERVER, request);
    return statement;
  }

  private boolean isOpen(String name, long head, long lastSync) {
    ByteBuf view = Unpooled.wrappedBuffer(bytes(name));
    return client.isOpen(view, 0, name.length(), SERVER, head, lastSync);
  }

  private boolean isNamed(String name) {
    return client.find(Unpooled.wrappedBuffer(bytes(name)), 0, name.length()) != null;
  }

  @Test
  void isOpenBehindASyncUntilTheAnswerHasCome() {
    name("a", "select 1", 1);
    assertThat(isOpen("a", 1, 0)).isFalse();
    assertThat(isOpen("a", 1, 2)).isTrue();
    assertThat(isOpen("a", 2, 2)).isFalse();
  }

  @Test
  void isOpenWhileACloseMayBeSkipped() {
    client.closing(SERVER, 1);
    assertThat(isOpen("a", 1, 2)).isTrue();
    assertThat(isOpen("a", 2, 2)).isFalse();
  }

  @Test
  void freesTheNameOfASkippedParseOnlyWhileItIsTheSame() {
    name("a", "select 1", 1);
    Objects.requireNonNull(client.remove(bytes("a")));
    name("a", "select 2", 3);
    client.unput(bytes("a"), SERVER, 1);
    assertThat(isNamed("a")).isTrue();
    client.unput(bytes("a"), SERVER, 3);
    assertThat(isNamed("a")).isFalse();
  }

  @Test
  void namesAgainWhatWasNotClosedUnlessAllWasDropped() {
    name("a", "select 1", 1);
    Named freed = Objects.requireNonNull(client.remove(bytes("a")));
    client.restore(freed, freed.statement().body(), client.drops());
    assertThat(isNamed("a")).isTrue();
    int before = client.drops();
    freed = Objects.requireNonNull(client.remove(bytes("a")));
    client.dropBefore(SERVER, 2);
    client.restore(freed, freed.statement().body(), before);
    assertThat(isNamed("a")).isFalse();
  }

  @Test
  void keepsNamesThatWereGivenBehindACommandThatDropsAll() {
    Statement old = name("old", "select 1", 1);
    name("new", "select 2", 3);
    client.dropBefore(SERVER, 2);
    assertThat(isNamed("old")).isFalse();
    assertThat(isNamed("new")).isTrue();
    assertThat(client.count()).isOne();
    assertThat(old.names()).isZero();
  }

  @Test
  void keepsToItselfWhatItPreparesWithoutAName() {
    ClientStatements other = new ClientStatements(cache);
    assertThat(client.unnamed()).isSameAs(other.unnamed());
    client.openUnnamed().set(Unpooled.wrappedBuffer(bytes("x\0\0\0")), 0, 4, true);
    assertThat(client.unnamed().isKnown()).isTrue();
    assertThat(client.openUnnamed()).isSameAs(client.unnamed()).isNotSameAs(other.unnamed());
    assertThat(other.unnamed().isKnown()).isFalse();
    client.clear();
    other.clear();
    assertThat(client.unnamed().isKnown()).isFalse();
  }

  @Test
  void freesNothingWhereNothingIsNamed() {
    client.clear();
    assertThat(client.remove(bytes("a"))).isNull();
    assertThat(isNamed("a")).isFalse();
    name("a", "select 1", 1);
    assertThat(isNamed("a")).isTrue();
    assertThat(new ClientStatements(cache).count()).isZero();
    client.clear();
    assertThat(cache.count()).isZero();
  }
}
