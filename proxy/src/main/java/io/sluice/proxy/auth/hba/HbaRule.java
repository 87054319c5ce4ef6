package io.sluice.proxy.auth.hba;

import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One rule: whom it concerns, and how they prove who they are. Immutable.
 *
 * @param file where it stands
 * @param line where it stands, from 1
 * @param type which connections
 * @param databases any of these
 * @param users any of these
 * @param address where clients come from; null for {@link Type#LOCAL}
 * @param method what they have to do
 */
public record HbaRule(
    String file,
    int line,
    Type type,
    List<NamePattern> databases,
    List<NamePattern> users,
    @Nullable HbaAddress address,
    HbaMethod method,
    HbaOptions options) {

  /** Which connections a rule concerns. */
  public enum Type {
    /** Unix sockets. */
    LOCAL,
    /** TCP. */
    HOST,
    /** TCP with TLS. */
    HOSTSSL,
    /** TCP without TLS. */
    HOSTNOSSL,
    /** TCP with GSSAPI encryption, which nobody has here. */
    HOSTGSSENC,
    /** TCP without GSSAPI encryption. */
    HOSTNOGSSENC;

    /** The word in the file. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean concerns(LoginRequest login) {
      if (login.address() == null) {
        return this == LOCAL;
      }
      return switch (this) {
        case LOCAL, HOSTGSSENC -> false;
        case HOST, HOSTNOGSSENC -> true;
        case HOSTSSL -> login.isTls();
        case HOSTNOSSL -> !login.isTls();
      };
    }
  }

  /** Says whether the rule concerns a login, wherever it comes from. */
  boolean concerns(LoginRequest login) {
    return type.concerns(login) && concernsDatabase(login) && concernsUser(login.user());
  }

  private boolean concernsDatabase(LoginRequest login) {
    for (NamePattern pattern : databases) {
      if (login.isPhysicalReplication()) {
        if (pattern instanceof NamePattern.Replication) {
          return true;
        }
      } else if (pattern.matches(login.database())
          || (pattern instanceof NamePattern.SameUser && login.database().equals(login.user()))) {
        return true;
      }
    }
    return false;
  }

  private boolean concernsUser(String user) {
    return users.stream().anyMatch(pattern -> pattern.matches(user));
  }

  /** The place, as {@code file:line}. */
  public String place() {
    return file + ":" + line;
  }

  /** The names of databases, as SHOW HBA and messages have them. */
  public String databaseText() {
    return text(databases);
  }

  /** The names of users, as SHOW HBA and messages have them. */
  public String userText() {
    return text(users);
  }

  private static String text(List<NamePattern> patterns) {
    return patterns.stream().map(NamePattern::toString).collect(Collectors.joining(","));
  }

  /** The address without its mask, or the keyword; null for Unix sockets. */
  public @Nullable String addressText() {
    HbaAddress from = address;
    if (from instanceof HbaAddress.Range range) {
      return NetUtil.toAddressString(range.address());
    }
    if (from instanceof HbaAddress.HostName host) {
      return host.name();
    }
    if (from instanceof HbaAddress.SameHost) {
      return "samehost";
    }
    if (from instanceof HbaAddress.SameNet) {
      return "samenet";
    }
    return from == null ? null : "all";
  }

  /** The mask of a range of addresses, else null. */
  public @Nullable String maskText() {
    return address instanceof HbaAddress.Range range ? NetUtil.toAddressString(range.mask()) : null;
  }

  /** The options as {@code name=value}, secrets hidden; null without any. */
  public @Nullable String optionText() {
    List<String> texts = new ArrayList<>();
    if (options.map() != null) {
      texts.add("map=" + options.map());
    }
    if (options.clientCert() != HbaOptions.ClientCert.ANY) {
      String word = options.clientCert().name().toLowerCase(Locale.ROOT).replace('_', '-');
      texts.add("clientcert=" + word);
    }
    options
        .others()
        .forEach((name, value) -> texts.add(name + "=" + (isSecret(name) ? "****" : value)));
    return texts.isEmpty() ? null : String.join(" ", texts);
  }

  private static boolean isSecret(String option) {
    return option.equals("ldapbindpasswd");
  }

  /** The rule as a line of the file. */
  @Override
  public String toString() {
    String mask = maskText();
    String optionText = optionText();
    return type.word()
        + " "
        + databaseText()
        + " "
        + userText()
        + (address == null ? "" : " " + addressText())
        + (mask == null ? "" : " " + mask)
        + " "
        + method.word()
        + (optionText == null ? "" : " " + optionText);
  }
}
