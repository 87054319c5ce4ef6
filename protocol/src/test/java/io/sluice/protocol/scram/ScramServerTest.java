package io.sluice.protocol.scram;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {
  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
  private static final ScramSecret PENCIL = ScramSecret.derive("pencil", SALT, 4096);

  /** The example of RFC 7677, section 3. */
  private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";

  private static final String OUR_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO" + OUR_NONCE;
  private static final String PROOF = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String CLIENT_FINAL = "c=biws,r=" + NONCE + "," + PROOF;

  private final ScramServer server = new ScramServer(PENCIL, OUR_NONCE);

  @Test
  void playsTheExampleOfTheRfc() {
    assertThat(first(CLIENT_FIRST)).isEqualTo("r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertThat(last(CLIENT_FINAL)).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void givesTheKeysThatWereProved() {
    first(CLIENT_FIRST);
    last(CLIENT_FINAL);
    ScramKeys keys = server.keys();
    assertThat(keys.clientKey())
        .isEqualTo(Base64.getDecoder().decode("pg/JI9Z+hkSpLRa5btpe9GVrDHJcSEN0viVTVXaZbos="));
    assertThat(keys.serverKey()).isEqualTo(PENCIL.serverKey());
    assertThat(keys.salt()).isEqualTo(SALT);
    assertThat(keys.iterations()).isEqualTo(4096);
  }

  @Test
  void givesNoKeysBeforeTheProofOrAfterAWrongOne() {
    first(CLIENT_FIRST);
    assertThatIllegalStateException().isThrownBy(server::keys);
    fails(() -> last(CLIENT_FINAL.replace("p=dH", "p=eH")), "wrong password");
    assertThatIllegalStateException().isThrownBy(server::keys);
  }

  @Test
  void acceptsAClientThatBelievesWeHaveNoChannelBinding() {
    assertThat(first("y,,n=,r=abc")).startsWith("r=abc" + OUR_NONCE + ",");
    fails(() -> last("c=biws,r=abc" + OUR_NONCE + "," + PROOF), "channel binding does not match");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p=tls-unique,,n=,r=abc",
        "p,,n=,r=abc",
        "x,,n=,r=abc",
        ",,n=,r=abc",
        "n,a=admin,n=,r=abc",
        "n,x,n=,r=abc",
        "nn,,n=,r=abc",
        "N,,n=,r=abc"
      })
  void refusesChannelBindingAndOtherIdentities(String message) {
    assertThatThrownBy(() -> first(message)).isInstanceOf(ScramFailure.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n,",
        "n,,",
        "n,,n=",
        "n,,n=,",
        "n,,n=,r",
        "n,,n=,r=",
        "n,,n=,r=abc,",
        "n,,r=abc",
        "n,,r=abc,n=",
        "n,,n=,n=,r=abc",
        "n,,n=,r=abc,r=abc",
        "n,,n=,r=abc,n=",
        "n,,m=x,n=,r=abc",
        "n,,n=,m=x,r=abc",
        "n,,n=,r=abc,m=x",
        "n,,n=,x=1,r=abc",
        "n,,n=,r=abc,x",
        "n,,n=,r=abc,x=",
        "n,,n=,r=abc,1=x",
        "n,,n=,r=abc,=x",
        "n,,n=,r=a b",
        "n,,n=,r=ab\t",
        "n,,n=,r=äb",
        "n,,n=,r=abc\0",
        "n,,N=,r=abc"
      })
  void refusesAFirstMessageOfAnotherShape(String message) {
    assertThatThrownBy(() -> first(message)).isInstanceOf(ScramFailure.class);
  }

  @Test
  void refusesAFirstMessageThatIsTooLongOrNotUtf8() {
    String longest = "n,,n=,r=" + "x".repeat(4096 - 8);
    assertThat(first(longest)).startsWith("r=x");
    ScramServer other = new ScramServer(PENCIL, OUR_NONCE);
    fails(() -> other.onClientFirst((longest + "x").getBytes(UTF_8)), "message of 4097 bytes");
    ScramServer third = new ScramServer(PENCIL, OUR_NONCE);
    fails(
        () -> third.onClientFirst("n,,n=\u00ff,r=abc".getBytes(ISO_8859_1)),
        "message is not UTF-8");
  }

  @Test
  void passesOverExtensionsButCountsThemIn() {
    first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO,x=1,Y==");
    fails(() -> last("c=biws,r=" + NONCE + ",z=2," + PROOF), "wrong password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=@",
        "c=biws,r=@,",
        "c=biws,r=@,p=",
        "c=biws,r=@,p",
        "r=@,$",
        "r=@,c=biws,$",
        "$,c=biws,r=@",
        "c=biws,$,r=@",
        "c=biws,$",
        "c=,r=@,$",
        "c=eSws,r=@,$",
        "c=biws,c=biws,r=@,$",
        "c=biws,r=@,r=@,$",
        "c=biws,r=@,c=biws,$",
        "c=biws,r=@,m=x,$",
        "c=biws,r=@,x=,$",
        "c=biws,r=@,x,$",
        "c=biws,r=@,,$",
        "c=biws,r=@,$,",
        "c=biws,r=@,$,$",
        "c=biws,r=@,$,x=1",
        "c=biws,r=@x,$",
        "c=biws,r=x@,$",
        "c=biws,r=,$",
        "c=biws,r=@,$=",
        "c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ",
        "c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndQ==",
        "c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQAAA==",
        "c=biws,r=@,p=dHzbZapWIk4jUhN-Ute9ytag9zjfMHgsqmmiz7AndVQ="
      })
  void refusesAFinalMessageOfAnotherShape(String message) {
    first(CLIENT_FIRST);
    assertThatThrownBy(() -> last(message.replace("@", NONCE).replace("$", PROOF)))
        .isInstanceOf(ScramFailure.class);
    assertThatIllegalStateException().isThrownBy(server::keys);
  }

  @Test
  void refusesTheRightMessageCutAnywhere() {
    for (int length = 0; length < CLIENT_FINAL.length(); length++) {
      ScramServer started = new ScramServer(PENCIL, OUR_NONCE);
      started.onClientFirst(CLIENT_FIRST.getBytes(UTF_8));
      byte[] part = CLIENT_FINAL.substring(0, length).getBytes(UTF_8);
      assertThatThrownBy(() -> started.onClientFinal(part))
          .as("%s bytes", length)
          .isInstanceOf(ScramFailure.class);
    }
  }

  @Test
  void takesEachMessageOnceAndInTurn() {
    fails(() -> last(CLIENT_FINAL), "message out of turn");
    ScramServer twice = new ScramServer(PENCIL, OUR_NONCE);
    twice.onClientFirst(CLIENT_FIRST.getBytes(UTF_8));
    fails(() -> twice.onClientFirst(CLIENT_FIRST.getBytes(UTF_8)), "message out of turn");
    fails(() -> twice.onClientFinal(CLIENT_FINAL.getBytes(UTF_8)), "message out of turn");
  }

  @Test
  void allowsOneGuessOnly() {
    first(CLIENT_FIRST);
    fails(() -> last(CLIENT_FINAL.replace("p=dH", "p=eH")), "wrong password");
    fails(() -> last(CLIENT_FINAL), "message out of turn");
  }

  @Test
  void usesAFreshNonceOfItsOwn() {
    SecureRandom random = new SecureRandom();
    byte[] message = "n,,n=,r=abc".getBytes(UTF_8);
    String one = new String(new ScramServer(PENCIL, random).onClientFirst(message), UTF_8);
    String other = new String(new ScramServer(PENCIL, random).onClientFirst(message), UTF_8);
    assertThat(one).isNotEqualTo(other).matches("r=abc[A-Za-z0-9+/]{24},s=[^,]+,i=4096");
  }

  @Test
  void throwsWithoutAStack() {
    assertThatThrownBy(() -> first(""))
        .isInstanceOfSatisfying(
            ScramFailure.class, failure -> assertThat(failure.getStackTrace()).isEmpty());
  }

  private String first(String message) {
    return new String(server.onClientFirst(message.getBytes(UTF_8)), UTF_8);
  }

  private String last(String message) {
    return new String(server.onClientFinal(message.getBytes(UTF_8)), UTF_8);
  }

  private static void fails(ThrowingCallable step, String text) {
    assertThatThrownBy(step).isInstanceOf(ScramFailure.class).hasMessage(text);
  }
}
