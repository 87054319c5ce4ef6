package io.sluice.protocol.write;

import static io.sluice.protocol.WireBytes.bytes;
import static io.sluice.protocol.WireBytes.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.TransactionStatus;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendWriterTest {
  @Test
  void writesAuthenticationRequests() {
    assertThat(written(BackendWriter::authenticationOk))
        .isEqualTo("R\\00\\00\\00\\08\\00\\00\\00\\00");
    assertThat(written(BackendWriter::authenticationCleartextPassword))
        .isEqualTo("R\\00\\00\\00\\08\\00\\00\\00\\03");
    assertThat(written(out -> BackendWriter.authenticationMd5Password(out, bytes("\\00\\ffab"))))
        .isEqualTo("R\\00\\00\\00\\0c\\00\\00\\00\\05\\00\\ffab");
  }

  @Test
  void writesSaslRequests() {
    assertThat(written(out -> BackendWriter.authenticationSasl(out, List.of("SCRAM", "X"))))
        .isEqualTo("R\\00\\00\\00\\11\\00\\00\\00\\0aSCRAM\\00X\\00\\00");
    assertThat(written(out -> BackendWriter.authenticationSaslContinue(out, bytes("r=1"))))
        .isEqualTo("R\\00\\00\\00\\0b\\00\\00\\00\\0br=1");
    assertThat(written(out -> BackendWriter.authenticationSaslFinal(out, bytes("v=1"))))
        .isEqualTo("R\\00\\00\\00\\0b\\00\\00\\00\\0cv=1");
  }

  @Test
  void writesParameterStatus() {
    assertThat(written(out -> BackendWriter.parameterStatus(out, "TimeZone", "Zürich")))
        .isEqualTo("S\\00\\00\\00\\15TimeZone\\00Z\\c3\\bcrich\\00");
  }

  @Test
  void writesBackendKeyData() {
    CancelKey shortKey = new CancelKey(0x01020304, bytes("\\f0\\f1\\f2\\f3"));
    assertThat(written(out -> BackendWriter.backendKeyData(out, shortKey)))
        .isEqualTo("K\\00\\00\\00\\0c\\01\\02\\03\\04\\f0\\f1\\f2\\f3");
    CancelKey longKey = new CancelKey(1, new byte[256]);
    assertThat(written(out -> BackendWriter.backendKeyData(out, longKey)))
        .isEqualTo("K\\00\\00\\01\\08\\00\\00\\00\\01" + "\\00".repeat(256));
  }

  @Test
  void writesReadyForQuery() {
    assertThat(written(out -> BackendWriter.readyForQuery(out, TransactionStatus.FAILED)))
        .isEqualTo("Z\\00\\00\\00\\05E");
  }

  @Test
  void writesErrorsWithTheFieldsThatAreThere() {
    assertThat(written(out -> BackendWriter.error(out, "FATAL", "08P01", "no")))
        .isEqualTo("E\\00\\00\\00\\1eSFATAL\\00VFATAL\\00C08P01\\00Mno\\00\\00");
    assertThat(written(out -> BackendWriter.error(out, "ERROR", "42601", "m", "d", "h")))
        .isEqualTo("E\\00\\00\\00#SERROR\\00VERROR\\00C42601\\00Mm\\00Dd\\00Hh\\00\\00");
    assertThat(written(out -> BackendWriter.error(out, "ERROR", "42601", "m", null, "h")))
        .isEqualTo("E\\00\\00\\00 SERROR\\00VERROR\\00C42601\\00Mm\\00Hh\\00\\00");
  }

  @Test
  void deliversAnErrorEvenIfItsTextHasANul() {
    assertThat(written(out -> BackendWriter.error(out, "ERROR", "42601", "a\0b")))
        .endsWith("Ma b\\00\\00");
  }

  @Test
  void writesErrorsLongerThanPgBouncerCouldDeliver() {
    String text = "x".repeat(70_000);
    assertThat(written(out -> BackendWriter.error(out, "ERROR", "42601", text)))
        .startsWith("E\\00\\01\\11\\8c")
        .endsWith("Mx" + text.substring(1) + "\\00\\00");
  }

  @Test
  void writesNotices() {
    assertThat(written(out -> BackendWriter.notice(out, "00000", "m", null)))
        .isEqualTo("N\\00\\00\\00\\1fSNOTICE\\00VNOTICE\\00C00000\\00Mm\\00\\00");
    assertThat(written(out -> BackendWriter.notice(out, "00000", "m", "d")))
        .isEqualTo("N\\00\\00\\00\"SNOTICE\\00VNOTICE\\00C00000\\00Mm\\00Dd\\00\\00");
  }

  @Test
  void writesTheNegotiatedVersion() {
    List<String> options = List.of("_pq_.a", "_pq_.b");
    assertThat(
            written(
                out -> BackendWriter.negotiateProtocolVersion(out, ProtocolVersion.V3_0, options)))
        .isEqualTo("v\\00\\00\\00\\1a\\00\\03\\00\\00\\00\\00\\00\\02_pq_.a\\00_pq_.b\\00");
  }

  @Test
  void writesARowDescriptionInTextFormat() {
    List<Column> columns = List.of(new Column("n", 25, -1), new Column("count", 20, 8));
    assertThat(written(out -> BackendWriter.rowDescription(out, columns)))
        .isEqualTo(
            "T\\00\\00\\002\\00\\02"
                + "n\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\19\\ff\\ff\\ff\\ff\\ff\\ff\\00\\00"
                + "count\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\14\\00\\08\\ff\\ff\\ff\\ff\\00\\00");
  }

  @Test
  void writesRowsWithNullAndEmptyValues() {
    assertThat(written(out -> BackendWriter.dataRow(out, Arrays.asList("é", null, ""))))
        .isEqualTo(
            "D\\00\\00\\00\\14\\00\\03\\00\\00\\00\\02\\c3\\a9\\ff\\ff\\ff\\ff\\00\\00\\00\\00");
  }

  @Test
  void writesCommandComplete() {
    assertThat(written(out -> BackendWriter.commandComplete(out, "SHOW")))
        .isEqualTo("C\\00\\00\\00\\09SHOW\\00");
  }

  @Test
  void writesParameterDescription() {
    assertThat(written(out -> BackendWriter.parameterDescription(out, 25, 0x01020304)))
        .isEqualTo("t\\00\\00\\00\\0e\\00\\02\\00\\00\\00\\19\\01\\02\\03\\04");
    assertThat(written(BackendWriter::parameterDescription)).isEqualTo("t\\00\\00\\00\\06\\00\\00");
  }

  @Test
  void writesMessagesWithoutABody() {
    assertThat(written(BackendWriter::emptyQueryResponse)).isEqualTo("I\\00\\00\\00\\04");
    assertThat(written(BackendWriter::parseComplete)).isEqualTo("1\\00\\00\\00\\04");
    assertThat(written(BackendWriter::bindComplete)).isEqualTo("2\\00\\00\\00\\04");
    assertThat(written(BackendWriter::closeComplete)).isEqualTo("3\\00\\00\\00\\04");
    assertThat(written(BackendWriter::noData)).isEqualTo("n\\00\\00\\00\\04");
    assertThat(written(BackendWriter::portalSuspended)).isEqualTo("s\\00\\00\\00\\04");
  }
}
