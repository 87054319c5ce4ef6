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

class DeallocateTextTest {
  private final DeallocateText text = new DeallocateText();

  private @Nullable String read(String sql) {
    ByteBuf view = Unpooled.copiedBuffer("xx" + sql + "xx", StandardCharsets.UTF_8);
    byte[] name = text.read(view, 2, view.readableBytes() - 2);
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
}
