package io.sluice.proxy.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens: JSON Web Tokens (RFC 7519) that are signed with RS256 or ES256. Waits, where the
 * keys have to be read. Thread-safe.
 */
public final class Tokens {
  /** Tokens have one or two kilobytes. */
  private static final int MAX_CHARS = 16 << 10;

  /** Clocks differ. */
  private static final long SKEW_MS = TimeUnit.SECONDS.toMillis(30);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  /** A token of another type is meant for something else. */
  private static final Set<JOSEObjectType> TYPES =
      Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"));

  private final JwtOptions options;
  private final KeySetCache keys;
  private final LongSupplier clock;

  public Tokens(JwtOptions options) {
    this(options, System::currentTimeMillis);
  }

  Tokens(JwtOptions options, LongSupplier clock) {
    this.options = options;
    this.keys = new KeySetCache(options.keys(), options.refreshNs());
    this.clock = clock;
  }

  /** What a token says; the text is for the log, and repeats nothing of it. */
  public sealed interface Verdict {}

  /** The token is good. */
  public record Names(String user) implements Verdict {}

  /** The token is not accepted. */
  public record Refused(String why) implements Verdict {}

  /** What they have to be. */
  public JwtOptions options() {
    return options;
  }

  /** Has the next login read the keys again. */
  public void expireKeys() {
    keys.expire();
  }

  /** Checks a token. */
  public Verdict check(String token) {
    if (token.length() > MAX_CHARS) {
      return new Refused("the token has more than " + MAX_CHARS + " characters");
    }
    try {
      SignedJWT parsed = SignedJWT.parse(token);
      String wrong = wrongHeader(parsed.getHeader());
      if (wrong == null) {
        wrong = wrongSignature(parsed);
      }
      return wrong == null ? claims(parsed.getJWTClaimsSet()) : new Refused(wrong);
    } catch (ParseException | IllegalArgumentException garbage) {
      return new Refused("the password is no signed token");
    } catch (JOSEException broken) {
      return new Refused("the signature cannot be verified");
    }
  }

  private static @Nullable String wrongHeader(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return "the token is signed with neither RS256 nor ES256";
    }
    JOSEObjectType type = header.getType();
    return type == null || TYPES.contains(type) ? null : "the token is of another type than JWT";
  }

  /** Keys in the token's own header, or at places that it names, are never looked at. */
  private @Nullable String wrongSignature(SignedJWT token) throws JOSEException {
    JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
    String id = token.getHeader().getKeyID();
    KeySet known = keys.current();
    List<JWSVerifier> found = known == null ? List.of() : known.find(algorithm, id);
    if (known != null && found.isEmpty() && id != null) {
      known = keys.renewed();
      found = known == null ? List.of() : known.find(algorithm, id);
    }
    if (known == null) {
      return "the keys of tokens cannot be read";
    }
    for (JWSVerifier verifier : found) {
      if (token.verify(verifier)) {
        return null;
      }
    }
    return found.isEmpty() ? "no key fits the token" : "the signature is wrong";
  }

  private Verdict claims(@Nullable JWTClaimsSet claims) throws ParseException {
    if (claims == null) {
      return new Refused("the token has no claims");
    }
    long now = clock.getAsLong();
    Date expiry = claims.getExpirationTime();
    Date start = claims.getNotBeforeTime();
    if (expiry == null) {
      return new Refused("the token has no exp");
    }
    if (now - SKEW_MS >= expiry.toInstant().toEpochMilli()) {
      return new Refused("the token has expired");
    }
    if (start != null && now + SKEW_MS < start.toInstant().toEpochMilli()) {
      return new Refused("the token is not valid yet");
    }
    if (!claims.getAudience().contains(options.audience())) {
      return new Refused("the token is meant for others (aud)");
    }
    if (!options.issuer().isEmpty() && !options.issuer().equals(claims.getIssuer())) {
      return new Refused("the token comes from somebody else (iss)");
    }
    String user = claims.getStringClaim(options.userClaim());
    return user == null || user.isEmpty()
        ? new Refused("the token has no " + options.userClaim())
        : new Names(user);
  }
}
