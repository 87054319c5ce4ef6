package io.sluice.protocol.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected proofs were computed by an independent implementation that plays RFC 7677. */
class ScramClientTest {
  private static final String OUR_NONCE = "rOprNGfwEbeRWgbNEkqO";
  private static final String NONCE = OUR_NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String SERVER_FIRST = "r=" + NONCE + ",s=" + SALT + ",i=4096";
  private static final String CLIENT_FINAL =
      "c=biws,r=" + NONCE + ",p=qvT2SWdEH5Q06albL+hjSYuUhCG7VndFyzIb7CK4n9k=";
  private static final String SERVER_FINAL = "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=";

  private final ScramClient client = new ScramClient("pencil", null, OUR_NONCE);

  @Test
  void provesAPassword() {
    assertThat(new String(client.clientFirst(), UTF_8)).isEqualTo("n,,n=,r=" + OUR_NONCE);
    assertThat(first(SERVER_FIRST)).isEqualTo(CLIENT_FINAL);
    last(SERVER_FINAL);
  }

  @Test
  void provesAnEmptyPassword() {
    ScramClient empty = new ScramClient("", null, OUR_NONCE);
    empty.clientFirst();
    byte[] message = ("r=" + OUR_NONCE + "srv,s=" + SALT + ",i=1").getBytes(UTF_8);
    assertThat(new String(empty.onServerFirst(message), UTF_8))
        .isEqualTo("c=biws,r=" + OUR_NONCE + "srv,p=srFUuJgEZFBmq3i1lOSoYo4CmTr+fu1pfWmAgvPdKuk=");
    empty.onServerFinal("v=x4QwSRaSazao39ikJf7KlsjjfQyfNl5es2zZebCJ0k4=".getBytes(UTF_8));
  }

  @Test
  void provesKeysWhereTheSameSecretIsStored() {
    ScramClient other = new ScramClient(null, keys(SALT, 4096), OUR_NONCE);
    other.clientFirst();
    assertThat(new String(other.onServerFirst(SERVER_FIRST.getBytes(UTF_8)), UTF_8))
        .isEqualTo(CLIENT_FINAL);
    other.onServerFinal(SERVER_FINAL.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"W22ZaJ0SNY7soEsUEjb6gA==, 4096", "W22ZaJ0SNY7soEsUEjb6, 4096", SALT + ", 4095"})
  void refusesToProveKeysOfAnotherSecret(String salt, int iterations) {
    ScramClient other = new ScramClient(null, keys(salt, iterations), OUR_NONCE);
    other.clientFirst();
    fails(
        () -> other.onServerFirst(SERVER_FIRST.getBytes(UTF_8)),
        "the server stores another secret than the user list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r=@",
        "r=@,s=AAAA",
        "r=@,i=1",
        "s=AAAA,i=1",
        "r=@,i=1,s=AAAA",
        "s=AAAA,r=@,i=1",
        "r=@,r=@,s=AAAA,i=1",
        "r=@,s=AAAA,s=AAAA,i=1",
        "r=@,s=AAAA,i=1,i=1",
        "r=@,s=AAAA,i=1,",
        "r=@,s=AAAA,i=1,x",
        "r=@,s=AAAA,i=1,m=x",
        "m=x,r=@,s=AAAA,i=1",
        "r=@,m=x,s=AAAA,i=1",
        "r=@,s=,i=1",
        "r=@,s=AAA,i=1",
        "r=@,s=A-AA,i=1",
        "R=@,s=AAAA,i=1",
        "e=other-error",
        "r=,s=AAAA,i=1",
        "r=@\u0000,s=AAAA,i=1",
        "r=@ ,s=AAAA,i=1",
        "r=@ä,s=AAAA,i=1"
      })
  void refusesAServerFirstOfAnotherShape(String message) {
    client.clientFirst();
    assertThatThrownBy(() -> first(message.replace("@", NONCE))).isInstanceOf(ScramFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {OUR_NONCE, "rOprNGfwEbeRWgbNEkqX1234", "x", "xrOprNGfwEbeRWgbNEkqO1"})
  void refusesANonceThatDoesNotContinueOurs(String nonce) {
    client.clientFirst();
    fails(() -> first("r=" + nonce + ",s=AAAA,i=1"), "nonce does not continue ours");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "+1",
        "1.0",
        "1e3",
        " 1",
        "1000001",
        "9999999",
        "99999999",
        "4294967297"
      })
  void refusesIterationsOutOfBounds(String iterations) {
    client.clientFirst();
    fails(() -> first("r=" + NONCE + ",s=AAAA,i=" + iterations), "iteration count out of bounds");
  }

  @Test
  void boundsTheSaltAndTheMessage() {
    String longest = Base64.getEncoder().encodeToString(new byte[256]);
    client.clientFirst();
    assertThat(first("r=" + NONCE + ",s=" + longest + ",i=1")).startsWith("c=biws,r=" + NONCE);
    String tooLong = Base64.getEncoder().encodeToString(new byte[257]);
    ScramClient second = started();
    fails(() -> serverFirst(second, "r=" + NONCE + ",s=" + tooLong + ",i=1"), "salt of 257 bytes");
    ScramClient third = started();
    String endless = "r=" + NONCE + "x".repeat(5_000) + ",s=AAAA,i=1";
    fails(() -> serverFirst(third, endless), "message of " + endless.length() + " bytes");
  }

  @Test
  void passesOverExtensionsButCountsThemIn() {
    client.clientFirst();
    assertThat(first(SERVER_FIRST + ",x=1"))
        .startsWith("c=biws,r=" + NONCE + ",p=")
        .isNotEqualTo(CLIENT_FINAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=4HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=",
        "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSA==",
        "v=",
        "v=AAAA"
      })
  void refusesAServerThatDoesNotKnowTheSecret(String message) {
    client.clientFirst();
    first(SERVER_FIRST);
    fails(() -> last(message), "wrong server signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v",
        "x=1",
        "$,",
        "$,v=AAAA",
        "$,x",
        "$,m=x",
        "x=1,$",
        "$=",
        "e=other-error",
        "e=,$",
        "v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg"
      })
  void refusesAServerFinalOfAnotherShape(String message) {
    client.clientFirst();
    first(SERVER_FIRST);
    assertThatThrownBy(() -> last(message.replace("$", SERVER_FINAL)))
        .isInstanceOf(ScramFailure.class);
  }

  @Test
  void takesEachMessageOnceAndInTurn() {
    fails(() -> first(SERVER_FIRST), "message out of turn");
    ScramClient early = started();
    fails(() -> early.onServerFinal(SERVER_FINAL.getBytes(UTF_8)), "message out of turn");
    ScramClient twice = started();
    serverFirst(twice, SERVER_FIRST);
    fails(() -> serverFirst(twice, SERVER_FIRST), "message out of turn");
    ScramClient again = started();
    fails(again::clientFirst, "message out of turn");
  }

  @Test
  void usesAFreshNonce() {
    SecureRandom random = new SecureRandom();
    String one = new String(ScramClient.withPassword("", random).clientFirst(), UTF_8);
    String other = new String(ScramClient.withPassword("", random).clientFirst(), UTF_8);
    assertThat(one).isNotEqualTo(other).matches("n,,n=,r=[A-Za-z0-9+/]{24}");
  }

  private static ScramClient started() {
    ScramClient started = new ScramClient("pencil", null, OUR_NONCE);
    started.clientFirst();
    return started;
  }

  private static ScramKeys keys(String salt, int iterations) {
    byte[] clientKey = Base64.getDecoder().decode("pg/JI9Z+hkSpLRa5btpe9GVrDHJcSEN0viVTVXaZbos=");
    byte[] serverKey = Base64.getDecoder().decode("wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
    return new ScramKeys(clientKey, serverKey, Base64.getDecoder().decode(salt), iterations);
  }

  private String first(String message) {
    return serverFirst(client, message);
  }

  private static String serverFirst(ScramClient exchange, String message) {
    return new String(exchange.onServerFirst(message.getBytes(UTF_8)), UTF_8);
  }

  private void last(String message) {
    client.onServerFinal(message.getBytes(UTF_8));
  }

  private static void fails(ThrowingCallable step, String text) {
    assertThatThrownBy(step).isInstanceOf(ScramFailure.class).hasMessage(text);
  }
}
