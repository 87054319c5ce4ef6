package io.sluice.proxy.auth.hba;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rule that decides a login: the first that concerns it. Rules with host names have to be
 * asked about elsewhere; the search goes on when the answer has come. Confined to one thread.
 */
final class HbaSearch {
  private final List<HbaRule> rules;
  private final LoginRequest login;
  private final HostNames names;
  private final List<HbaAddress.Range> networks;
  private final Consumer<@Nullable HbaRule> found;
  private int next;
  private boolean walking;
  private boolean waiting;
  private boolean over;

  HbaSearch(
      HbaRules rules, LoginRequest login, HostNames names, Consumer<@Nullable HbaRule> found) {
    this.rules = rules.all();
    this.networks = rules.networks();
    this.login = login;
    this.names = names;
    this.found = found;
  }

  /** Looks at the rules in order, until one has to be asked about. */
  void walk() {
    walking = true;
    while (!over && !waiting && next < rules.size()) {
      HbaRule rule = rules.get(next);
      next++;
      if (rule.concerns(login)) {
        look(rule);
      }
    }
    walking = false;
    if (!over && !waiting) {
      finish(null);
    }
  }

  private void look(HbaRule rule) {
    InetAddress from = login.address();
    HbaAddress wanted = rule.address();
    if (from == null || wanted == null || wanted instanceof HbaAddress.Anywhere) {
      finish(rule);
    } else if (wanted instanceof HbaAddress.HostName host) {
      ask(rule, host, from);
    } else if (contains(wanted, from)) {
      finish(rule);
    }
  }

  private boolean contains(HbaAddress wanted, InetAddress from) {
    if (wanted instanceof HbaAddress.Range range) {
      return range.contains(from);
    }
    if (wanted instanceof HbaAddress.SameNet) {
      return networks.stream().anyMatch(own -> own.contains(from));
    }
    return networks.stream().anyMatch(own -> own.address().equals(from));
  }

  private void ask(HbaRule rule, HbaAddress.HostName host, InetAddress from) {
    waiting = true;
    if (host.isDomain()) {
      names.nameOf(
          from,
          name ->
              answered(rule, name != null && name.toLowerCase(Locale.ROOT).endsWith(host.name())));
    } else {
      names.addressesOf(host.name(), addresses -> answered(rule, addresses.contains(from)));
    }
  }

  private void answered(HbaRule rule, boolean matches) {
    waiting = false;
    if (matches) {
      finish(rule);
    } else if (!walking) {
      walk();
    }
  }

  private void finish(@Nullable HbaRule rule) {
    over = true;
    found.accept(rule);
  }
}
