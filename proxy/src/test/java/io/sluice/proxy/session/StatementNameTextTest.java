package io.sluice.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementNameTextTest {
  private final StatementNameText text = new StatementNameText();

  private @Nullable String read(String sql) {
    ByteBuf view = Unpooled.copiedBuffer("xx" + sql + "xx", StandardCharsets.UTF_8);
    byte[] name = text.dropped(view, 2, view.readableBytes() - 2);
    return name == null ? null : new String(name, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      quoteCharacter = '\0',
      value = {
        "DEALLOCATE _pg3_0=_pg3_0",
        "deallocate Pdo_Stmt_1 ;=pdo_stmt_1",
        "DEALLOCATE PREPARE a=a",
        "DEALLOCATE prepare=prepare",
        "DEALLOCATE PREPARE \"A b\"=A b",
        "DEALLOCATE \"all\"=all",
        "DEALLOCATE/* x */\"a\"\"b\"-- end=a\"b",
        "DEALLOCATE é=é",
      })
  void readsTheName(String sql, String name) {
    assertThat(read(sql)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DEALLOCATE",
        "DEALLOCATE ALL",
        "DEALLOCATE PREPARE ALL",
        "DEALLOCATE a; SELECT 1",
        "DEALLOCATE a b",
        "DEALLOCATES a",
        "SELECT 1"
      })
  void readsNothingElse(String sql) {
    assertThat(read(sql)).isNull();
  }

  @Test
  void cutsALongNameAsPostgresDoes() {
    assertThat(read("DEALLOCATE " + "a".repeat(70))).isEqualTo("a".repeat(63));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PREPARE a AS SELECT 1=a",
        "prepare A(int, text) AS SELECT ';' || $1;=a",
        "PREPARE \"A b\"(int) AS SELECT $$;$$=A b",
        "/* x */ EXECUTE a=a",
        "EXECUTE a(1, 'b')=a",
        "EXECUTE a('cut off=a",
        "EXECUTE a; EXECUTE b=a",
        "EXECUTE\"a\"(1)=a",
        "DEALLOCATE a=a"
      })
  void readsTheNameThatAStatementGivesOrUses(String line) {
    int split = line.lastIndexOf('=');
    ByteBuf view = Unpooled.copiedBuffer(line.substring(0, split), StandardCharsets.UTF_8);
    assertThat(new StatementNameText().any(view, 0, view.writerIndex()))
        .isEqualTo(line.substring(split + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PREPARE a AS SELECT 1; SELECT 2",
        "SELECT 1; EXECUTE a",
        "EXECUTE",
        "EXECUTE (1)",
        "EXPLAIN EXECUTE a",
        "DEALLOCATE ALL"
      })
  void readsNoNameWhereThereIsMore(String text) {
    ByteBuf view = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    assertThat(new StatementNameText().any(view, 0, view.writerIndex())).isNull();
  }
}
