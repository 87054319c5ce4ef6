package io.sluice.protocol;

import static io.sluice.protocol.WireBytes.buf;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.write.BackendWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorFieldsTest {
  private static final ErrorFields DEFAULTS = new ErrorFields("ERROR", "XX000", "", null, null);

  @Test
  void readsWhatPostgresSends() {
    ByteBuf body =
        buf(
            "SFEHLER\\00VERROR\\00C42P01\\00Mrelation \"x\" does not exist\\00"
                + "Dd\\00Hh\\00P15\\00Fparse_relation.c\\00L1449\\00RparserOpenTable\\00\\00");
    assertThat(ErrorFields.parse(body))
        .isEqualTo(new ErrorFields("ERROR", "42P01", "relation \"x\" does not exist", "d", "h"));
    assertThat(body.readerIndex()).isZero();
  }

  @Test
  void readsWhatWeWrite() {
    ByteBuf out = Unpooled.buffer();
    BackendWriter.error(out, "FATAL", "3D000", "no such database: é", null, "create it");
    assertThat(ErrorFields.parse(out.skipBytes(5)))
        .isEqualTo(new ErrorFields("FATAL", "3D000", "no such database: é", null, "create it"));
  }

  @Test
  void prefersTheSeverityThatIsNotTranslatedInAnyOrder() {
    assertThat(ErrorFields.parse(buf("VFATAL\\00SFATALE\\00\\00")).severity()).isEqualTo("FATAL");
    assertThat(ErrorFields.parse(buf("SFATALE\\00VFATAL\\00\\00")).severity()).isEqualTo("FATAL");
    assertThat(ErrorFields.parse(buf("SFATAL\\00\\00")).severity()).isEqualTo("FATAL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\\00",
        "\\00Mx\\00",
        "M",
        "Mtext",
        "Xx\\00\\00",
        "C\\00\\00",
        "C123\\00\\00",
        "C12345x\\00\\00",
        "C08p01\\00\\00",
        "C08\\0a01\\00\\00"
      })
  void hasDefaultsForWhatIsMissing(String body) {
    assertThat(ErrorFields.parse(buf(body))).isEqualTo(DEFAULTS);
  }

  @Test
  void keepsTheFieldsBeforeOneWithoutAnEnd() {
    assertThat(ErrorFields.parse(buf("C08006\\00Mone\\00Dtwo")))
        .isEqualTo(new ErrorFields("ERROR", "08006", "one", null, null));
  }

  @Test
  void cutsValuesThatAreTooLong() {
    ByteBuf body = buf("M" + "x".repeat(100_000) + "\\00Dd\\00\\00");
    ErrorFields fields = ErrorFields.parse(body);
    assertThat(fields.message()).isEqualTo("x".repeat(8192));
    assertThat(fields.detail()).isEqualTo("d");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void survivesAnyBytes(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      ByteBuf body = Unpooled.buffer();
      for (int length = random.nextInt(40); length > 0; length--) {
        boolean any = random.nextInt(3) == 0;
        body.writeByte(any ? random.nextInt(256) : "SVCMDH\0\0".charAt(random.nextInt(8)));
      }
      ErrorFields fields = ErrorFields.parse(body);
      assertThat(fields.sqlState()).as("seed %s, round %s", seed, round).hasSize(5);
      assertThat(body.readerIndex()).isZero();
    }
  }
}
