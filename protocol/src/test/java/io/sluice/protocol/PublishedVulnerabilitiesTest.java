package io.sluice.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.scram.ScramClient;
import io.sluice.protocol.scram.ScramFailure;
import io.sluice.protocol.scram.ScramSecret;
import io.sluice.protocol.scram.ScramServer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shapes of PgBouncer's published vulnerabilities, as far as they are a matter of bytes; those
 * of the running pooler are in the test of the same name there.
 */
class PublishedVulnerabilitiesTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ScramSecret SECRET = ScramSecret.derive("secret", new byte[16], 1);

  private static ScramServer started(String clientFirst) {
    ScramServer server =
        new ScramServer(SECRET, io.sluice.protocol.scram.ScramBinding.NONE, RANDOM);
    server.onClientFirst(clientFirst.getBytes(UTF_8));
    return server;
  }

  private static ScramClient asked() {
    ScramClient client = ScramClient.withPassword("secret", RANDOM);
    client.clientFirst();
    return client;
  }

  private static String nonceOf(ScramClient client) {
    return new String(client.clientFirst(), UTF_8).split("r=", 2)[1];
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 3, Integer.MIN_VALUE, -1, 0, 7, 65536})
  void cve20266664LengthOverflowInTheFirstPacket(int length) {
    ByteBuf buf = Unpooled.buffer().writeInt(length).writeInt(196_608);

    assertThatThrownBy(() -> StartupPacket.lengthAt(buf)).isInstanceOf(ProtocolViolation.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3})
  void cve20266664LengthOverflowInAMessage(int length) {
    MessageCursor cursor = new MessageCursor();
    cursor.begin(Unpooled.buffer().writeByte('Q').writeInt(length));

    assertThatThrownBy(cursor::next).isInstanceOf(ProtocolViolation.class);
  }

  /** What would be length + 1 + … must not turn negative, and nothing may be taken for complete. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 1, Integer.MAX_VALUE - 4})
  void cve20266664LengthOverflowOfALengthThatIsPositive(int length) {
    MessageCursor cursor = new MessageCursor();
    cursor.begin(Unpooled.buffer().writeByte('Q').writeInt(length).writeZero(100));

    assertThat(cursor.next()).isTrue();
    assertThat(cursor.isComplete()).isFalse();
    assertThat(cursor.bodyLength()).isEqualTo(length - 4);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65_000})
  void cve20266665LongScramNonceOfAClient(int length) {
    ScramServer server =
        new ScramServer(SECRET, io.sluice.protocol.scram.ScramBinding.NONE, RANDOM);
    byte[] first = ("n,,n=,r=" + "x".repeat(length)).getBytes(UTF_8);

    assertThatThrownBy(() -> server.onClientFirst(first)).isInstanceOf(ScramFailure.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65_000})
  void cve20266665LongScramNonceOfAServer(int length) {
    ScramClient client = ScramClient.withPassword("secret", RANDOM);
    String first = "r=" + nonceOf(client) + "x".repeat(length) + ",s=QUJDRA==,i=1";

    assertThatThrownBy(() -> client.onServerFirst(first.getBytes(UTF_8)))
        .isInstanceOf(ScramFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SERROR\0", "SFATAL\0Mno state\0", "C\0", "Cx\0", "Mcut", "C", "\0"})
  void cve20266666ErrorOfAServerWithoutSqlState(String body) {
    ErrorFields fields = ErrorFields.parse(Unpooled.copiedBuffer(body, UTF_8));

    assertThat(fields.sqlState()).isEqualTo(SqlState.INTERNAL_ERROR);
    assertThat(fields.severity()).isNotEmpty();
    assertThat(fields.message()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "c=biws",
        "c=biws,p=AAAA",
        "c=biws,,p=AAAA",
        "c=biws,r=,p=AAAA",
        "c=biws,r,p=AAAA",
        "p=AAAA",
        "r=x,p=AAAA"
      })
  void cve202619888ScramClientFinalWithoutNonce(String last) {
    ScramServer server = started("n,,n=,r=abc");

    assertThatThrownBy(() -> server.onClientFinal(last.getBytes(UTF_8)))
        .isInstanceOf(ScramFailure.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1000001",
        "2147483647",
        "2147483648",
        "9999999999999999999",
        "-1",
        "0",
        "",
        "1e9"
      })
  void cve20266669ScramIterationsOfAServerWithoutBound(String iterations) {
    ScramClient client = ScramClient.withPassword("secret", RANDOM);
    String first = "r=" + nonceOf(client) + "x,s=QUJDRA==,i=" + iterations;

    assertThatThrownBy(() -> client.onServerFirst(first.getBytes(UTF_8)))
        .isInstanceOf(ScramFailure.class);
  }

  /** The same bound for what a user list or auth_query says. */
  @Test
  void cve20266669ScramIterationsOfAStoredSecretWithoutBound() {
    String print = SECRET.print();

    assertThat(ScramSecret.parse(print)).isNotNull();
    assertThat(ScramSecret.parse(print.replace("$1:", "$1000001:"))).isNull();
    assertThat(ScramSecret.parse(print.replace("$1:", "$99999999999:"))).isNull();
  }

  /** A server that sends an attribute twice, or none: no state is left from the first try. */
  @Test
  void cve20266665AServerThatBeginsAgain() {
    ScramClient client = asked();
    assertThatThrownBy(() -> client.onServerFirst(new byte[0])).isInstanceOf(ScramFailure.class);
    assertThatThrownBy(() -> client.onServerFinal("v=AAAA".getBytes(UTF_8)))
        .isInstanceOf(ScramFailure.class);
  }
}
