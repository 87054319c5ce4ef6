package io.sluice.protocol.write;

import static io.sluice.protocol.WireBytes.bytes;
import static io.sluice.protocol.WireBytes.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.Unpooled;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ProtocolVersion;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontendWriterTest {
  @Test
  void writesAStartupMessageInTheOrderOfTheMap() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", "zoë");
    parameters.put("database", "app");
    assertThat(written(out -> FrontendWriter.startup(out, ProtocolVersion.V3_0, parameters)))
        .isEqualTo(
            "\\00\\00\\00 \\00\\03\\00\\00" + "user\\00zo\\c3\\ab\\00database\\00app\\00\\00");
    assertThat(written(out -> FrontendWriter.startup(out, ProtocolVersion.V3_2, Map.of())))
        .isEqualTo("\\00\\00\\00\\09\\00\\03\\00\\02\\00");
  }

  @Test
  void writesRequestsWithoutAType() {
    assertThat(written(FrontendWriter::sslRequest)).isEqualTo("\\00\\00\\00\\08\\04\\d2\\16/");
    CancelKey key = new CancelKey(0x01020304, bytes("\\f0\\f1\\f2\\f3\\f4"));
    assertThat(written(out -> FrontendWriter.cancelRequest(out, key)))
        .isEqualTo("\\00\\00\\00\\11\\04\\d2\\16.\\01\\02\\03\\04\\f0\\f1\\f2\\f3\\f4");
  }

  @Test
  void writesPasswords() {
    assertThat(written(out -> FrontendWriter.password(out, "pä")))
        .isEqualTo("p\\00\\00\\00\\08p\\c3\\a4\\00");
    assertThat(written(out -> FrontendWriter.password(out, ""))).isEqualTo("p\\00\\00\\00\\05\\00");
  }

  @Test
  void writesSaslResponses() {
    assertThat(written(out -> FrontendWriter.saslInitialResponse(out, "SCRAM", bytes("n,,"))))
        .isEqualTo("p\\00\\00\\00\\11SCRAM\\00\\00\\00\\00\\03n,,");
    assertThat(written(out -> FrontendWriter.saslResponse(out, bytes("c=biws"))))
        .isEqualTo("p\\00\\00\\00\\0ac=biws");
  }

  @Test
  void writesAQuery() {
    assertThat(written(out -> FrontendWriter.query(out, "select 1")))
        .isEqualTo("Q\\00\\00\\00\\0dselect 1\\00");
  }

  @Test
  void writesAParseWithoutTypes() {
    assertThat(written(out -> FrontendWriter.parse(out, "s1", "select $1")))
        .isEqualTo("P\\00\\00\\00\\13s1\\00select $1\\00\\00\\00");
  }

  @Test
  void writesABindWithTextAndNull() {
    List<byte[]> parameters = Arrays.asList(bytes("42"), null, bytes(""));
    assertThat(written(out -> FrontendWriter.bind(out, "p", "s1", parameters)))
        .isEqualTo(
            "B\\00\\00\\00\\1dp\\00s1\\00\\00\\00\\00\\03"
                + "\\00\\00\\00\\0242\\ff\\ff\\ff\\ff\\00\\00\\00\\00\\00\\00");
    assertThat(written(out -> FrontendWriter.bind(out, "", "", List.of())))
        .isEqualTo("B\\00\\00\\00\\0c\\00\\00\\00\\00\\00\\00\\00\\00");
  }

  @Test
  void writesDescribeAndClose() {
    assertThat(written(out -> FrontendWriter.describeStatement(out, "s1")))
        .isEqualTo("D\\00\\00\\00\\08Ss1\\00");
    assertThat(written(out -> FrontendWriter.describePortal(out, "")))
        .isEqualTo("D\\00\\00\\00\\06P\\00");
    assertThat(written(out -> FrontendWriter.closeStatement(out, "s1")))
        .isEqualTo("C\\00\\00\\00\\08Ss1\\00");
  }

  @Test
  void writesAnExecute() {
    assertThat(written(out -> FrontendWriter.execute(out, "p", 258)))
        .isEqualTo("E\\00\\00\\00\\0ap\\00\\00\\00\\01\\02");
  }

  @Test
  void writesMessagesWithoutABody() {
    assertThat(written(FrontendWriter::flush)).isEqualTo("H\\00\\00\\00\\04");
    assertThat(written(FrontendWriter::sync)).isEqualTo("S\\00\\00\\00\\04");
    assertThat(written(FrontendWriter::terminate)).isEqualTo("X\\00\\00\\00\\04");
    assertThat(written(FrontendWriter::copyDone)).isEqualTo("c\\00\\00\\00\\04");
  }

  @Test
  void writesCopyMessages() {
    assertThat(written(out -> FrontendWriter.copyData(out, bytes("1\\09\\00\\0a"))))
        .isEqualTo("d\\00\\00\\00\\081\\09\\00\\0a");
    assertThat(written(out -> FrontendWriter.copyFail(out, "no")))
        .isEqualTo("f\\00\\00\\00\\07no\\00");
  }

  @Test
  void refusesTextsWithANul() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrontendWriter.query(Unpooled.buffer(), "select 1\0; drop"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrontendWriter.password(Unpooled.buffer(), "a\0b"));
  }
}
