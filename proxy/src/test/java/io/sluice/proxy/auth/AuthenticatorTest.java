package io.sluice.proxy.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.protocol.md5.Md5Password;
import io.sluice.protocol.scram.ScramClient;
import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.auth.hba.LoginRequest;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.fake.Wire;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static Authenticator authenticator(String type) {
    Result result =
        ConfigLoader.parseText(
            "[databases]\n* = host=h\n[pgbouncer]\nauth_file = list\nauth_type = " + type + "\n");
    return new Authenticator(((Result.Loaded) result).config().values());
  }

  private static AuthMethod open(
      Authenticator authenticator, String user, @Nullable Credentials credentials) {
    AuthMethod[] opened = new AuthMethod[1];
    authenticator.choose(
        new LoginRequest("db", user, false, InetAddress.getLoopbackAddress(), false),
        NoNames.INSTANCE,
        demand -> opened[0] = authenticator.open(demand, user, credentials, Proof.NONE));
    return opened[0];
  }

  /** Nobody is asked for names where there are no rules. */
  private enum NoNames implements HostNames {
    INSTANCE;

    @Override
    public void addressesOf(String name, Consumer<List<InetAddress>> found) {
      throw new AssertionError(name);
    }

    @Override
    public void nameOf(InetAddress address, Consumer<@Nullable String> found) {
      throw new AssertionError(address);
    }
  }

  private static AuthMethod method(String type, String stored) {
    return open(authenticator(type), "app", new Credentials(stored));
  }

  private static byte[] challenge(AuthDecision decision) {
    assertThat(decision).isInstanceOf(AuthDecision.Challenge.class);
    ByteBuf out = Unpooled.buffer();
    ((AuthDecision.Challenge) decision).message().accept(out);
    return ByteBufUtil.getBytes(out);
  }

  private static String refusal(AuthDecision decision) {
    assertThat(decision).isInstanceOf(AuthDecision.Refused.class);
    AuthDecision.Refused refused = (AuthDecision.Refused) decision;
    assertThat(refused.sqlState()).isEqualTo("08P01");
    return refused.text();
  }

  private static byte[] md5(AuthMethod method, String password) {
    byte[] asked = challenge(method.begin());
    byte[] salt = Arrays.copyOfRange(asked, asked.length - 4, asked.length);
    return Wire.cstr(Md5Password.answer(Md5Password.hash(password, "app"), salt));
  }

  private static AuthDecision scram(AuthMethod method, String password) {
    challenge(method.begin());
    ScramClient client = ScramClient.withPassword(password, RANDOM);
    byte[] first = client.clientFirst();
    byte[] reply =
        challenge(
            method.answer(
                Wire.join(
                    Wire.cstr("SCRAM-SHA-256"),
                    ByteBuffer.allocate(4).putInt(first.length).array(),
                    first)));
    return method.answer(client.onServerFirst(Arrays.copyOfRange(reply, 9, reply.length)));
  }

  @Test
  void letsTheKnownInWithTrust() {
    assertThat(method("trust", "x").begin()).isInstanceOf(AuthDecision.Accepted.class);
    assertThat(refusal(open(authenticator("trust"), "app", null).begin()))
        .isEqualTo("\"trust\" authentication failed");
  }

  @Test
  void letsEverybodyInWithAny() {
    assertThat(open(authenticator("any"), "app", null).begin())
        .isInstanceOf(AuthDecision.Accepted.class);
  }

  @Test
  void acceptsTheRightPasswordOnly() {
    for (String stored : new String[] {"secret", Md5Password.hash("secret", "app")}) {
      AuthMethod method = method("plain", stored);
      challenge(method.begin());
      assertThat(method.answer(Wire.cstr("secret"))).isInstanceOf(AuthDecision.Accepted.class);
      assertThat(refusal(method("plain", stored).answer(Wire.cstr("Secret"))))
          .isEqualTo("password authentication failed");
      assertThat(refusal(method("plain", stored).answer(Wire.cstr(stored + "x"))))
          .isEqualTo("password authentication failed");
    }
  }

  @Test
  void doesNotTakeAStoredHashForThePassword() {
    String stored = Md5Password.hash("secret", "app");
    assertThat(refusal(method("plain", stored).answer(Wire.cstr(stored))))
        .isEqualTo("password authentication failed");
  }

  @Test
  void acceptsTheRightMd5Only() {
    AuthMethod right = method("md5", "secret");
    assertThat(right.answer(md5(right, "secret"))).isInstanceOf(AuthDecision.Accepted.class);
    AuthMethod hashed = method("md5", Md5Password.hash("secret", "app"));
    assertThat(hashed.answer(md5(hashed, "secret"))).isInstanceOf(AuthDecision.Accepted.class);
    AuthMethod wrong = method("md5", "secret");
    assertThat(refusal(wrong.answer(md5(wrong, "other"))))
        .isEqualTo("password authentication failed");
  }

  @Test
  void doesNotTakeAnAnswerToAnotherSalt() {
    AuthMethod one = method("md5", "secret");
    AuthMethod other = method("md5", "secret");
    byte[] answer = md5(one, "secret");
    challenge(other.begin());
    assertThat(refusal(other.answer(answer))).isEqualTo("password authentication failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "md5"})
  void refusesAnEmptyPasswordEvenWhereNoneIsStored(String type) {
    assertThat(refusal(method(type, "").answer(Wire.cstr(""))))
        .isEqualTo("empty password returned by client");
  }

  @Test
  void refusesAnEmptyStoredSecretWithScram() {
    assertThat(refusal(scram(method("scram-sha-256", ""), "")))
        .isEqualTo("SASL authentication failed");
  }

  @Test
  void acceptsTheRightProofOnly() {
    assertThat(scram(method("scram-sha-256", "secret"), "secret"))
        .isInstanceOf(AuthDecision.Accepted.class);
    assertThat(refusal(scram(method("scram-sha-256", "secret"), "other")))
        .isEqualTo("SASL authentication failed");
  }

  @Test
  void givesAnUnknownUserAWholeExchangeThatFails() {
    AuthMethod method = open(authenticator("scram-sha-256"), "nobody", null);
    assertThat(refusal(scram(method, "secret"))).isEqualTo("SASL authentication failed");
  }

  @Test
  void showsAnUnknownUserTheSameSaltEachTime() {
    Authenticator authenticator = authenticator("scram-sha-256");
    String first = salt(open(authenticator, "nobody", null));
    assertThat(salt(open(authenticator, "nobody", null))).isEqualTo(first);
    assertThat(salt(open(authenticator, "another", null))).isNotEqualTo(first);
  }

  /** Secrets that are looked up are new ones every time; the question must be the same. */
  @Test
  void asksTheSameOfAPasswordThatIsLookedUpAgain() {
    Authenticator authenticator = authenticator("scram-sha-256");
    String first = salt(open(authenticator, "app", new Credentials("secret")));
    assertThat(salt(open(authenticator, "app", new Credentials("secret")))).isEqualTo(first);
    assertThat(salt(open(authenticator, "app", null))).isEqualTo(first);
  }

  private static String salt(AuthMethod method) {
    challenge(method.begin());
    byte[] first = ScramClient.withPassword("x", RANDOM).clientFirst();
    byte[] reply =
        challenge(
            method.answer(
                Wire.join(
                    Wire.cstr("SCRAM-SHA-256"),
                    ByteBuffer.allocate(4).putInt(first.length).array(),
                    first)));
    String text = new String(reply, 9, reply.length - 9, StandardCharsets.US_ASCII);
    return text.substring(text.indexOf(",s="));
  }

  @Test
  void refusesAMechanismThatWasNotOffered() {
    AuthMethod method = method("scram-sha-256", "secret");
    challenge(method.begin());
    assertThat(refusal(method.answer(Wire.cstr("SCRAM-SHA-256-PLUS"))))
        .isEqualTo("client selected an invalid SASL authentication mechanism");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "md5", "scram-sha-256"})
  void getsOverAnyAnswer(String type) {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      AuthMethod method = method(type, "secret");
      challenge(method.begin());
      byte[] body = new byte[random.nextInt(60)];
      random.nextBytes(body);
      if (seed % 2 == 0) {
        body =
            Wire.join(Wire.cstr("SCRAM-SHA-256"), new byte[] {0, 0, 0, (byte) body.length}, body);
      }
      assertThat(method.answer(body)).as("seed %d", seed).isInstanceOf(AuthDecision.Refused.class);
    }
  }
}
