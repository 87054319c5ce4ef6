package io.sluice.proxy.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final String AUDIENCE = "sluice";
  private static final String ISSUER = "https://issuer.example";

  @TempDir Path directory;

  private static RSAKey rsa;
  private static RSAKey otherRsa;
  private static ECKey ec;

  private Tokens tokens;

  @BeforeAll
  static void makeKeys() throws Exception {
    rsa = new RSAKeyGenerator(2048).keyID("rsa").keyUse(KeyUse.SIGNATURE).generate();
    otherRsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
    ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
  }

  @BeforeEach
  void readKeys() throws IOException {
    publish(rsa, ec);
    tokens = tokens();
  }

  private Path file() {
    return directory.resolve("keys.json");
  }

  private void publish(JWK... keys) throws IOException {
    Files.writeString(file(), new JWKSet(List.of(keys)).toString(true));
  }

  private Tokens tokens() {
    KeySetPlace place = new KeySetPlace.File(file().toString());
    return new Tokens(new JwtOptions(place, AUDIENCE, ISSUER, "user", 1, false), () -> NOW_MS);
  }

  private static JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .expirationTime(in(60))
        .claim("user", "alice");
  }

  private static Date in(int seconds) {
    return Date.from(Instant.ofEpochMilli(NOW_MS).plusSeconds(seconds));
  }

  private static String sign(JWSHeader header, JWSSigner signer, JWTClaimsSet claims)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm)
        .keyID(algorithm.equals(JWSAlgorithm.ES256) ? "ec" : "rsa");
  }

  private static String signed(JWTClaimsSet.Builder claims) throws Exception {
    return sign(header(JWSAlgorithm.RS256).build(), new RSASSASigner(rsa), claims.build());
  }

  private void assertRefused(String token, String why) {
    assertThat(tokens.check(token)).isEqualTo(new Tokens.Refused(why));
  }

  private void assertNames(String token) {
    assertThat(tokens.check(token)).isEqualTo(new Tokens.Names("alice"));
  }

  @Test
  void acceptsBothAlgorithmsWithAndWithoutTheNameOfAKey() throws Exception {
    assertNames(signed(good()));
    JWSHeader unnamed = new JWSHeader(JWSAlgorithm.RS256);
    assertNames(sign(unnamed, new RSASSASigner(rsa), good().build()));
    assertNames(sign(header(JWSAlgorithm.ES256).build(), new ECDSASigner(ec), good().build()));
    JWSHeader typed = header(JWSAlgorithm.RS256).type(new JOSEObjectType("at+JWT")).build();
    assertNames(sign(typed, new RSASSASigner(rsa), good().build()));
    assertNames(signed(good().audience(List.of("others", AUDIENCE)).notBeforeTime(in(0))));
  }

  @Test
  void refusesATokenThatIsNotSigned() {
    assertRefused(new PlainJWT(good().build()).serialize(), "the password is no signed token");
    String header = "{\"alg\":\"none\"}";
    for (String word :
        List.of(header, header.replace("none", "None"), header.replace("none", ""))) {
      String[] parts = new PlainJWT(good().build()).serialize().split("\\.", -1);
      String token = Base64URL.encode(word) + "." + parts[1] + ".AA";
      assertThat(tokens.check(token)).isInstanceOf(Tokens.Refused.class);
    }
  }

  @Test
  void refusesAPublicKeyUsedAsASharedSecret() throws Exception {
    for (byte[] secret :
        List.of(
            rsa.toRSAPublicKey().getEncoded(),
            rsa.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8),
            pem(rsa.toRSAPublicKey().getEncoded()))) {
      String token =
          sign(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build(),
              new MACSigner(secret),
              good().build());
      assertRefused(token, "the token is signed with neither RS256 nor ES256");
    }
  }

  private static byte[] pem(byte[] key) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    return ("-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void refusesOtherAlgorithmsOfTheSameKeys() throws Exception {
    for (JWSAlgorithm other : List.of(JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      assertRefused(
          sign(header(other).keyID("rsa").build(), new RSASSASigner(rsa), good().build()),
          "the token is signed with neither RS256 nor ES256");
    }
  }

  @Test
  void refusesASignatureOfAnotherKeyOrOfOtherClaims() throws Exception {
    assertRefused(
        sign(header(JWSAlgorithm.RS256).build(), new RSASSASigner(otherRsa), good().build()),
        "the signature is wrong");
    String[] parts = signed(good()).split("\\.", -1);
    Base64URL forged = Base64URL.encode(good().claim("user", "root").build().toString());
    assertRefused(parts[0] + "." + forged + "." + parts[2], "the signature is wrong");
    byte[] zeros = new byte[64];
    String[] curve =
        sign(header(JWSAlgorithm.ES256).build(), new ECDSASigner(ec), good().build())
            .split("\\.", -1);
    assertThat(tokens.check(curve[0] + "." + curve[1] + "." + Base64URL.encode(zeros)))
        .isInstanceOf(Tokens.Refused.class);
  }

  @Test
  void neverTakesKeysFromTheToken() throws Exception {
    JWSHeader brought =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID("mine")
            .jwk(otherRsa.toPublicJWK())
            .jwkURL(java.net.URI.create("http://127.0.0.1:1/keys"))
            .build();
    assertRefused(
        sign(brought, new RSASSASigner(otherRsa), good().build()), "no key fits the token");
  }

  @Test
  void refusesHeadersThatHaveToBeUnderstoodAndOtherTypes() throws Exception {
    JWSHeader critical =
        header(JWSAlgorithm.RS256).criticalParams(Set.of("exp")).customParam("exp", 1).build();
    assertRefused(sign(critical, new RSASSASigner(rsa), good().build()), "the signature is wrong");
    JWSHeader logout = header(JWSAlgorithm.RS256).type(new JOSEObjectType("logout+jwt")).build();
    assertRefused(
        sign(logout, new RSASSASigner(rsa), good().build()),
        "the token is of another type than JWT");
  }

  @Test
  void refusesWhatIsNotMeantForUsOrNotNow() throws Exception {
    assertRefused(signed(good().audience("others")), "the token is meant for others (aud)");
    assertRefused(signed(good().audience((String) null)), "the token is meant for others (aud)");
    assertRefused(
        signed(good().issuer("https://issuer.example/")),
        "the token comes from somebody else (iss)");
    assertRefused(signed(good().issuer(null)), "the token comes from somebody else (iss)");
    assertRefused(signed(good().expirationTime(in(-31))), "the token has expired");
    assertRefused(signed(good().expirationTime(null)), "the token has no exp");
    assertRefused(signed(good().notBeforeTime(in(31))), "the token is not valid yet");
    assertRefused(signed(good().claim("user", null)), "the token has no user");
    assertRefused(signed(good().claim("user", "")), "the token has no user");
  }

  @Test
  void toleratesClocksThatDifferByHalfAMinute() throws Exception {
    assertNames(signed(good().expirationTime(in(-29)).notBeforeTime(in(29))));
  }

  @Test
  void refusesClaimsOfOtherTypes() throws Exception {
    for (Object odd : List.of(1, true, List.of("alice"), Map.of("alice", 1))) {
      assertThat(tokens.check(signed(good().claim("user", odd))))
          .isInstanceOf(Tokens.Refused.class);
    }
    assertThat(tokens.check(signed(good().claim("exp", "never"))))
        .isInstanceOf(Tokens.Refused.class);
  }

  @Test
  void findsANewKeyWhenATokenNamesIt() throws Exception {
    RSAKey next = new RSAKeyGenerator(2048).keyID("next").generate();
    String token =
        sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("next").build(),
            new RSASSASigner(next),
            good().build());
    assertRefused(token, "no key fits the token");
    publish(rsa, next);
    tokens.expireKeys();
    assertNames(token);
  }

  @Test
  void keepsTheKeysOfAFileThatCannotBeUsed() throws Exception {
    assertNames(signed(good()));
    for (String text : List.of("", "{}", "{\"keys\":[]}", "{\"keys\":", "[".repeat(100_000))) {
      Files.writeString(file(), text);
      tokens.expireKeys();
      assertNames(signed(good()));
    }
    Files.delete(file());
    tokens.expireKeys();
    assertNames(signed(good()));
  }

  @Test
  void knowsNobodyWithoutKeys() throws Exception {
    Files.delete(file());
    assertRefused(signed(good()), "the keys of tokens cannot be read");
  }

  @Test
  void leavesOutKeysOfOtherKindsAndUses() throws Exception {
    RSAKey small = new RSAKey.Builder(rsa).keyID("enc").keyUse(KeyUse.ENCRYPTION).build();
    ECKey large = new ECKeyGenerator(Curve.P_384).keyID("large").generate();
    RSAKey otherUse = new RSAKey.Builder(rsa).keyID("ps").algorithm(JWSAlgorithm.PS256).build();
    OctetSequenceKey shared = new OctetSequenceKey.Builder(new byte[32]).keyID("shared").build();
    // The private parts are left out by the printing; a shared key would be, too.
    Files.writeString(
        file(), new JWKSet(List.<JWK>of(small, large, otherUse, shared, ec)).toString(false));
    tokens = tokens();
    for (String id : List.of("enc", "ps")) {
      assertRefused(
          sign(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
              new RSASSASigner(rsa),
              good().build()),
          "no key fits the token");
    }
    assertNames(sign(header(JWSAlgorithm.ES256).build(), new ECDSASigner(ec), good().build()));
  }

  @Test
  void boundsTokensAndKeySets() throws Exception {
    assertRefused("x".repeat(16_385), "the token has more than 16384 characters");
    Files.writeString(file(), " ".repeat(KeySetPlace.MAX_BYTES) + "{\"keys\":[]}");
    assertThat(
            new JwtOptions(new KeySetPlace.File(file().toString()), AUDIENCE, "", "user", 1, false)
                .unreadableFile())
        .contains("it has more than 262144 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "....",
        "a.b.c",
        "e30.e30.e30",
        "e30..",
        "eyJhbGciOiJSUzI1NiJ9..",
        "\0.\0.\0"
      })
  void refusesWhatIsNoToken(String text) {
    assertThat(tokens.check(text)).isInstanceOf(Tokens.Refused.class);
  }

  @Test
  void refusesEveryMutationOfAToken() throws Exception {
    String token = signed(good());
    long budgetMs = TimeUnit.SECONDS.toMillis(Long.getLong("sluice.fuzz.seconds", 1));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(budgetMs);
    for (long seed = 0; System.nanoTime() < end; seed++) {
      String mutated = mutate(token, new Random(seed));
      Tokens.Verdict verdict = tokens.check(mutated);
      assertThat(verdict instanceof Tokens.Refused || mutated.equals(token) || same(mutated, token))
          .as("seed %s: %s", seed, mutated)
          .isTrue();
    }
  }

  /** Base64 has bits at its ends, and characters, that do not count. */
  private static boolean same(String one, String other) {
    String[] mine = one.split("\\.", -1);
    String[] theirs = other.split("\\.", -1);
    // What is signed is the text of the first two parts.
    return mine.length == 3
        && mine[0].equals(theirs[0])
        && mine[1].equals(theirs[1])
        && new Base64URL(mine[2])
            .decodeToString()
            .equals(new Base64URL(theirs[2]).decodeToString());
  }

  private static String mutate(String token, Random random) {
    StringBuilder text = new StringBuilder(token);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, ".");
        case 3 -> text.setLength(at + 1);
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
      }
    }
    return inside(text.toString(), random);
  }

  /** Half of them are changed below the Base64, where the JSON is. */
  private static String inside(String token, Random random) {
    String[] parts = token.split("\\.", -1);
    int part = random.nextInt(parts.length);
    if (random.nextBoolean()) {
      byte[] json = new Base64URL(parts[part]).decode();
      if (json.length > 0) {
        json[random.nextInt(json.length)] = (byte) random.nextInt();
        parts[part] = Base64URL.encode(json).toString();
      }
    }
    return String.join(".", parts);
  }
}
