package io.sluice.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenTextTest {
  private static List<ListenCommand> read(String sql) {
    ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
    return new ListenText().read(text, 0, text.writerIndex());
  }

  private static ListenCommand listen(String channel) {
    return new ListenCommand(channel, true);
  }

  @Test
  void readsNamesAsPostgresqlDoes() {
    assertThat(read("LISTEN Some_Channel$1")).containsExactly(listen("some_channel$1"));
    assertThat(read(" /* x */ listen\t\"Some \"\"Channel\"\"\" ;"))
        .containsExactly(listen("Some \"Channel\""));
    assertThat(read("LISTEN Ärger\0")).containsExactly(listen("Ärger"));
    assertThat(read("LISTEN " + "a".repeat(62) + "ää")).containsExactly(listen("a".repeat(62)));
  }

  @Test
  void readsEveryStatement() {
    assertThat(read("BEGIN; LISTEN a; SELECT 'LISTEN b'; UNLISTEN a; UNLISTEN *; COMMIT"))
        .containsExactly(
            listen("a"), new ListenCommand("a", false), new ListenCommand(null, false));
    assertThat(read("DISCARD ALL")).containsExactly(new ListenCommand(null, false));
    assertThat(read("SELECT 1; ")).isEmpty();
  }

  @Test
  void quotesWhatItHasRead() {
    assertThat(read("LISTEN " + ListenText.quote("a\"B"))).containsExactly(listen("a\"B"));
  }

  @Test
  void isToldByTheFirstWords() {
    assertThat(look("UNLISTEN x")).isEqualTo(StatementLook.UNLISTENS);
    assertThat(look("DISCARD ALL")).isEqualTo(StatementLook.UNLISTENS);
    assertThat(look("DISCARD TEMP")).isEqualTo(StatementLook.NOTHING);
    assertThat(look("UPDATE t SET x = 1")).isEqualTo(StatementLook.NOTHING);
    assertThat(look("LISTEN x; UNLISTEN y"))
        .isEqualTo(StateKind.LISTEN.bit() | StatementLook.UNLISTENS);
  }

  private static int look(String sql) {
    ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
    return new StatementLook().query(name -> false, text, 0, text.writerIndex());
  }
}
