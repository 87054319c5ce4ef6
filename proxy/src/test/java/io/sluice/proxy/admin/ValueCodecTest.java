package io.sluice.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.admin.show.Columns;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueCodecTest {
  private static final Column NUMERIC = new Column("n", Columns.NUMERIC, -1);
  private static final Column TEXT = new Column("t", Columns.TEXT, -1);

  private static String hex(Object value, Column column) {
    byte[] bytes = ValueCodec.encode(value, column, ValueCodec.BINARY);
    return bytes == null ? "null" : ByteBufUtil.hexDump(bytes);
  }

  private static @Nullable String text(@Nullable Object value, Column column) {
    byte[] bytes = ValueCodec.encode(value, column, ValueCodec.TEXT);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** The bytes are those of {@code numeric_send} in PostgreSQL 15. */
  @ParameterizedTest
  @CsvSource({
    "0, 0000000000000000",
    "1, 00010000000000000001",
    "9999, 0001000000000000270f",
    "10000, 00010001000000000001",
    "-12345678, 000200014000000004d2162e",
    "9223372036854775807, 0005000400000000039a0d2c0170156516af"
  })
  void writesNumericsAsPostgresDoes(long value, String expected) {
    assertThat(hex(value, NUMERIC)).isEqualTo(expected);
  }

  @Test
  void writesIntegersInNetworkOrder() {
    assertThat(hex(-2, new Column("i", Columns.INT4, 4))).isEqualTo("fffffffe");
    assertThat(hex(258L, new Column("i", Columns.INT8, 8))).isEqualTo("0000000000000102");
  }

  @Test
  void writesTextTheSameInBothFormats() {
    assertThat(hex("é", TEXT)).isEqualTo("c3a9");
    assertThat(text("é", TEXT)).isEqualTo("é");
  }

  @Test
  void writesNumbersAsText() {
    assertThat(text(-12L, NUMERIC)).isEqualTo("-12");
    assertThat(text(null, NUMERIC)).isNull();
  }
}
