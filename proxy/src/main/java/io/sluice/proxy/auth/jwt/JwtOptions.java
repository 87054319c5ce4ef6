package io.sluice.proxy.auth.jwt;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a token has to be. Immutable.
 *
 * @param keys where the keys of those who sign tokens are
 * @param audience whom a token has to be meant for
 * @param issuer who has to have made it; empty for anybody who has one of the keys
 * @param userClaim the claim that names the user
 * @param refreshNs how long keys from the network are used before they are asked for again
 * @param withoutTls whether tokens may cross a network that others can read along on
 */
public record JwtOptions(
    KeySetPlace keys,
    String audience,
    String issuer,
    String userClaim,
    long refreshNs,
    boolean withoutTls) {
  public JwtOptions {
    requireNonNull(keys, "keys");
    requireNonNull(audience, "audience");
    requireNonNull(issuer, "issuer");
    requireNonNull(userClaim, "userClaim");
  }

  /** Reads the settings; what is wrong with them is added to the problems, and null returned. */
  public static @Nullable JwtOptions of(Values values, List<String> problems) {
    String place = text(values.find(Settings.AUTH_JWT_KEY_SET));
    String audience = text(values.find(Settings.AUTH_JWT_AUDIENCE));
    String claim = text(values.find(Settings.AUTH_JWT_USER_CLAIM));
    int before = problems.size();
    if (place.isEmpty() || audience.isEmpty() || claim.isEmpty()) {
      problems.add("jwt needs auth_jwt_key_set, auth_jwt_audience and auth_jwt_user_claim");
    }
    KeySetPlace keys = place.isEmpty() ? null : place(place, problems);
    if (keys == null || problems.size() > before) {
      return null;
    }
    return new JwtOptions(
        keys,
        audience,
        text(values.find(Settings.AUTH_JWT_ISSUER)),
        claim,
        values.get(Settings.AUTH_JWT_KEY_SET_REFRESH).toNanos(),
        values.get(Settings.AUTH_JWT_WITHOUT_TLS));
  }

  /** Why the file of the keys cannot be used; null when it can, or when they are elsewhere. */
  public @Nullable String unreadableFile() {
    if (keys.isRemote()) {
      return null;
    }
    try {
      KeySet.parse(keys.read());
      return null;
    } catch (IOException unreadable) {
      return keys + " cannot be used: " + unreadable.getMessage();
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static @Nullable KeySetPlace place(String text, List<String> problems) {
    if (text.startsWith("/")) {
      return new KeySetPlace.File(text);
    }
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean isSafe = scheme.equals("https") || (scheme.equals("http") && isThisMachine(uri));
      if (isSafe && uri.getHost() != null && uri.getUserInfo() == null) {
        return new KeySetPlace.Url(uri);
      }
    } catch (URISyntaxException mistake) {
      // Said below.
    }
    problems.add(
        "auth_jwt_key_set is an absolute path or an https:// URL (http:// for this machine only)");
    return null;
  }

  private static boolean isThisMachine(URI uri) {
    String host = String.valueOf(uri.getHost());
    boolean numeric = host.matches("127\\.[0-9.]+") || host.equals("[::1]");
    return host.equals("localhost") || (numeric && isLoopback(host));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException none) {
      return false;
    }
  }
}
