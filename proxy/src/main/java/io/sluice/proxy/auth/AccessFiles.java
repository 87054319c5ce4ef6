package io.sluice.proxy.auth;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.hba.HbaMethod;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.auth.hba.OptionText;
import io.sluice.proxy.auth.hba.ProxyNetworks;
import io.sluice.proxy.auth.jwt.JwtOptions;
import io.sluice.proxy.auth.ldap.LdapOptions;
import io.sluice.proxy.catalog.AuthFile;
import io.sluice.proxy.catalog.Credentials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the files beside the configuration say: the user list, and the rules where auth_type asks
 * for them. Immutable.
 *
 * @param secrets the secret of each user
 * @param rules none unless auth_type is hba
 * @param ldap auth_ldap_options; null unless auth_type is ldap
 * @param jwt what tokens have to be; null unless tokens are asked for
 * @param proxies proxy_protocol_networks
 */
public record AccessFiles(
    Map<String, Credentials> secrets,
    HbaRules rules,
    @Nullable LdapOptions ldap,
    @Nullable JwtOptions jwt,
    ProxyNetworks proxies) {
  public AccessFiles {
    secrets = Map.copyOf(secrets);
    requireNonNull(rules, "rules");
    requireNonNull(proxies, "proxies");
  }

  /** What reading the files gives. */
  public sealed interface Result {}

  /** The files are good. */
  public record Loaded(AccessFiles files) implements Result {}

  /**
   * The files are not used.
   *
   * @param problems {@code file:line: sentence}, without any secret; at least one
   */
  public record Refused(List<String> problems) implements Result {}

  /** Reads the files that a configuration names. */
  public static Result read(ProxyConfig config) {
    Values values = config.values();
    AuthType type = values.get(Settings.AUTH_TYPE);
    List<String> problems = new ArrayList<>();
    boolean listsUsers = type != AuthType.ANY && type != AuthType.PAM;
    Map<String, Credentials> secrets =
        listsUsers ? secrets(path(values, Settings.AUTH_FILE), problems) : Map.of();
    HbaRules rules = type == AuthType.HBA ? rules(values, problems) : HbaRules.NONE;
    LdapOptions ldap = type == AuthType.LDAP ? ldap(values, problems) : null;
    JwtOptions jwt = asksForTokens(type, rules) ? jwt(values, problems) : null;
    ProxyNetworks proxies =
        ProxyNetworks.parse(values.get(Settings.PROXY_PROTOCOL_NETWORKS), problems);
    return problems.isEmpty()
        ? new Loaded(new AccessFiles(secrets, rules, ldap, jwt, proxies))
        : new Refused(List.copyOf(problems));
  }

  private static Map<String, Credentials> secrets(@Nullable Path file, List<String> problems) {
    if (file == null) {
      return Map.of();
    }
    AuthFile.Result read = AuthFile.read(file);
    if (read instanceof AuthFile.Loaded loaded) {
      return loaded.secrets();
    }
    problems.addAll(((AuthFile.Refused) read).problems());
    return Map.of();
  }

  private static HbaRules rules(Values values, List<String> problems) {
    Path file = path(values, Settings.AUTH_HBA_FILE);
    if (file == null) {
      problems.add("auth_type is hba, but auth_hba_file is not set");
      return HbaRules.NONE;
    }
    HbaRules.Result read = HbaRules.read(file, path(values, Settings.AUTH_IDENT_FILE));
    if (read instanceof HbaRules.Loaded loaded) {
      return loaded.rules();
    }
    problems.addAll(((HbaRules.Refused) read).problems());
    return HbaRules.NONE;
  }

  private static @Nullable LdapOptions ldap(Values values, List<String> problems) {
    String text = values.find(Settings.AUTH_LDAP_OPTIONS);
    Map<String, String> options = OptionText.parse(text == null ? "" : text);
    if (options == null) {
      problems.add("auth_ldap_options are name=value, with blanks between");
      return null;
    }
    try {
      return LdapOptions.parse(options);
    } catch (LdapOptions.Mistake mistake) {
      problems.add("auth_ldap_options: " + mistake.getMessage());
      return null;
    }
  }

  private static boolean asksForTokens(AuthType type, HbaRules rules) {
    return type == AuthType.JWT
        || rules.all().stream().anyMatch(rule -> rule.method() == HbaMethod.JWT);
  }

  /** A file of keys has to be good; keys in the network are nobody's mistake. */
  private static @Nullable JwtOptions jwt(Values values, List<String> problems) {
    JwtOptions options = JwtOptions.of(values, problems);
    String failure = options == null ? null : options.unreadableFile();
    if (failure != null) {
      problems.add("auth_jwt_key_set: " + failure);
    }
    return options;
  }

  private static @Nullable Path path(Values values, Setting<String> setting) {
    String file = values.find(setting);
    return file == null || file.isBlank() ? null : Path.of(file);
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "AccessFiles[" + secrets.size() + " users, " + rules.all().size() + " rules]";
  }
}
