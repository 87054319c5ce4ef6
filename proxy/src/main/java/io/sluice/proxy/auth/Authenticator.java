package io.sluice.proxy.auth;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.Values;
import io.sluice.protocol.SqlState;
import io.sluice.proxy.auth.hba.HbaMethod;
import io.sluice.proxy.auth.hba.HbaOptions;
import io.sluice.proxy.auth.hba.HbaRule;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.auth.hba.LoginRequest;
import io.sluice.proxy.auth.hba.ProxyNetworks;
import io.sluice.proxy.auth.jwt.JwtOptions;
import io.sluice.proxy.auth.jwt.Tokens;
import io.sluice.proxy.auth.ldap.Directory;
import io.sluice.proxy.auth.ldap.LdapOptions;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.os.Pam;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Chooses how a client has to prove who it is. Confined to the event loop. */
public final class Authenticator {
  private static final int RANDOM_BYTES = 32;

  /** PgBouncer's service: its files stay in use. */
  private static final String PAM_SERVICE = "pgbouncer";

  private final byte[] processRandom = new byte[RANDOM_BYTES];
  private final Lookalikes lookalikes = new Lookalikes();
  private AuthType type;
  private int iterations;
  private HbaRules rules = HbaRules.NONE;
  private @Nullable LdapOptions ldap;
  private @Nullable Tokens tokens;
  private ProxyNetworks proxies = ProxyNetworks.NONE;

  public Authenticator(Values values) {
    new SecureRandom().nextBytes(processRandom);
    type = values.get(Settings.AUTH_TYPE);
    iterations = values.get(Settings.SCRAM_ITERATIONS);
  }

  /** Takes new settings after a reload, and the rules if there are any. */
  public void configure(Values values, AccessFiles files) {
    type = values.get(Settings.AUTH_TYPE);
    iterations = values.get(Settings.SCRAM_ITERATIONS);
    rules = files.rules();
    ldap = files.ldap();
    follow(files.jwt());
    proxies = files.proxies();
    lookalikes.configure(files.secrets());
  }

  /** Keys that are known stay in use while they are asked for again. */
  private void follow(@Nullable JwtOptions options) {
    Tokens known = tokens;
    if (known != null && known.options().equals(options)) {
      known.expireKeys();
    } else {
      tokens = options == null ? null : new Tokens(options);
    }
  }

  /** The configured type. */
  public AuthType type() {
    return type;
  }

  /** The rules in force; none unless the type is hba. */
  public HbaRules rules() {
    return rules;
  }

  /** From where connections come that begin with a PROXY header. */
  public ProxyNetworks proxies() {
    return proxies;
  }

  /**
   * Says what is demanded of a login.
   *
   * @param then called once: later, if a rule has a host name that must be asked about
   */
  public void choose(LoginRequest login, HostNames names, Consumer<Demand> then) {
    if (type == AuthType.HBA) {
      rules.find(
          login, names, rule -> then.accept(new Demand(rule == null ? null : rule.method(), rule)));
    } else {
      then.accept(new Demand(methodOf(type), null));
    }
  }

  /** Says whether the user of a login has to be known, and its secret found. */
  public boolean needsUser(Demand demand) {
    return type != AuthType.ANY && demand.needsUser();
  }

  private static @Nullable HbaMethod methodOf(AuthType type) {
    return switch (type) {
      case ANY, TRUST -> HbaMethod.TRUST;
      case PLAIN -> HbaMethod.PASSWORD;
      case MD5 -> HbaMethod.MD5;
      case SCRAM_SHA_256 -> HbaMethod.SCRAM_SHA_256;
      case CERT -> HbaMethod.CERT;
      case LDAP -> HbaMethod.LDAP;
      case PAM -> HbaMethod.PAM;
      case JWT -> HbaMethod.JWT;
      case HBA -> null;
    };
  }

  /**
   * The method for one login.
   *
   * @param user the login's name
   * @param credentials the user's secret; null when there is no such user
   */
  public AuthMethod open(
      Demand demand, String user, @Nullable Credentials credentials, Proof proof) {
    HbaMethod method = demand.method();
    if (credentials != null) {
      lookalikes.found(user, credentials);
    }
    if (method == null) {
      return refused("no authentication method is found", "no rule concerns the login");
    }
    AuthDecision.Refused uncertified = uncertified(demand.rule(), user, proof);
    return uncertified == null
        ? open(method, demand.rule(), user, credentials, proof)
        : new RefusedAuth(uncertified);
  }

  /** What clientcert= of a rule demands beside the method; null when it is fulfilled. */
  private AuthDecision.@Nullable Refused uncertified(
      @Nullable HbaRule rule, String user, Proof proof) {
    if (rule == null || rule.method() == HbaMethod.CERT) {
      return null;
    }
    HbaOptions.ClientCert wanted = rule.options().clientCert();
    String name = proof.certificateName();
    if (wanted == HbaOptions.ClientCert.ANY) {
      return null;
    }
    if (name == null) {
      return Refusals.certificate(rule.place() + " demands a valid client certificate");
    }
    return wanted == HbaOptions.ClientCert.VERIFY_FULL && !name.equals(user)
        ? Refusals.certificate(rule.place() + ": the certificate is for " + name)
        : null;
  }

  private AuthMethod open(
      HbaMethod method,
      @Nullable HbaRule rule,
      String user,
      @Nullable Credentials credentials,
      Proof proof) {
    String map = rule == null ? null : rule.options().map();
    boolean isKnown = credentials != null;
    return switch (method) {
      case TRUST -> new TrustAuth(type == AuthType.ANY || isKnown);
      case REJECT -> refused("login rejected", rule == null ? "" : rule.place());
      case PASSWORD -> new PasswordAuth(user, credentials, lookalikes.kindOf(user));
      case MD5 -> md5(user, credentials);
      case SCRAM_SHA_256 -> scram(user, credentials);
      case CERT -> new CertAuth(user, isKnown, proof.certificateName(), rules.maps(), map);
      case PEER -> new PeerAuth(user, isKnown, proof.peer(), rules.maps(), map);
      case LDAP -> ldap(rule, user);
      case PAM -> pam(rule, user, proof);
      case JWT -> jwt(user, map, proof);
    };
  }

  /** A token is as good as a password to whoever has read along: it is not asked for then. */
  private AuthMethod jwt(String user, @Nullable String map, Proof proof) {
    Tokens checker = tokens;
    if (checker == null) {
      return refused("JWT authentication failed", "there are no keys");
    }
    if (!proof.isPrivate() && !checker.options().withoutTls()) {
      return refused("SSL required for JWT authentication", "token without TLS is not asked for");
    }
    return new TokenAuth(user, checker, rules.maps(), map);
  }

  private AuthMethod ldap(@Nullable HbaRule rule, String user) {
    LdapOptions options = rule == null ? ldap : rule.options().ldap();
    if (options == null) {
      return refused("LDAP authentication failed", "there are no LDAP options");
    }
    Directory directory = new Directory(options);
    return new DirectoryAuth(
        user,
        "LDAP authentication failed",
        (name, password) ->
            directory.check(name, password) instanceof Directory.Wrong wrong ? wrong.why() : null);
  }

  private static AuthMethod pam(@Nullable HbaRule rule, String user, Proof proof) {
    String named = rule == null ? null : rule.options().others().get("pamservice");
    Pam pam = new Pam(named == null ? PAM_SERVICE : named, null);
    return new DirectoryAuth(
        user,
        "PAM authentication failed",
        (name, password) -> pam.check(name, password, proof.from()));
  }

  private static AuthMethod refused(String text, String detail) {
    return new RefusedAuth(new AuthDecision.Refused(SqlState.PROTOCOL_VIOLATION, text, detail));
  }

  /**
   * SCRAM where the secret is one, else md5. A name without a secret is asked for what users are,
   * so that the question does not tell who exists.
   */
  private AuthMethod md5(String user, @Nullable Credentials credentials) {
    boolean isScram =
        (credentials == null || credentials.isEmpty())
            ? lookalikes.kindOf(user) != Lookalikes.NO_SCRAM
            : credentials.scram() != null;
    return isScram ? scram(user, credentials) : new Md5Auth(user, credentials);
  }

  private AuthMethod scram(String user, @Nullable Credentials credentials) {
    int alike = lookalikes.kindOf(user);
    ScramAuth.Iterations counts =
        new ScramAuth.Iterations(iterations, alike == Lookalikes.NO_SCRAM ? iterations : alike);
    return new ScramAuth(user, credentials, processRandom, counts);
  }
}
