package io.sluice.proxy.app;

import io.netty.util.NetUtil;
import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.AccessFiles;
import io.sluice.proxy.auth.hba.HbaRule;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.auth.hba.LoginRequest;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says which rule of the HBA file decides a login, without a login. */
final class LoginCheck {
  private LoginCheck() {}

  /**
   * Looks for the rule and prints it.
   *
   * @return whether there is one that may let the login in
   */
  static boolean run(
      Arguments.CheckLogin arguments, Map<String, String> environment, PrintStream out) {
    Result result = ConfigLoader.load(arguments.configFile(), environment);
    if (result instanceof Result.Refused refused) {
      refused.problems().forEach(problem -> out.println("error: " + problem));
      return false;
    }
    ProxyConfig config = ((Result.Loaded) result).config();
    AccessFiles.Result read = AccessFiles.read(config);
    if (read instanceof AccessFiles.Refused refused) {
      refused.problems().forEach(problem -> out.println("error: " + problem));
      return false;
    }
    return answer(arguments.words(), config, ((AccessFiles.Loaded) read).files().rules(), out);
  }

  private static boolean answer(
      Map<String, String> words, ProxyConfig config, HbaRules rules, PrintStream out) {
    AuthType type = config.values().get(Settings.AUTH_TYPE);
    if (type != AuthType.HBA) {
      out.println("auth_type = " + type + " decides every login");
      return true;
    }
    String address = words.get("addr");
    byte[] bytes = address == null ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (address != null && bytes == null) {
      out.println("error: addr is no IP address: " + address);
      return false;
    }
    LoginRequest login =
        new LoginRequest(
            words.getOrDefault("db", ""),
            words.getOrDefault("user", ""),
            false,
            bytes == null ? null : address(bytes),
            words.getOrDefault("tls", "no").equals("yes"));
    @Nullable HbaRule[] found = new @Nullable HbaRule[1];
    rules.find(login, SystemNames.INSTANCE, rule -> found[0] = rule);
    return print(found[0], out);
  }

  private static boolean print(@Nullable HbaRule rule, PrintStream out) {
    if (rule == null) {
      out.println("no rule concerns this login: it is refused");
      return false;
    }
    out.println(rule.place() + ": " + rule);
    return rule.method() != io.sluice.proxy.auth.hba.HbaMethod.REJECT;
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException("an address of " + bytes.length + " bytes", impossible);
    }
  }

  /** Asks the system, and waits. */
  private enum SystemNames implements HostNames {
    INSTANCE;

    @Override
    public void addressesOf(String name, Consumer<List<InetAddress>> found) {
      try {
        found.accept(List.of(InetAddress.getAllByName(name)));
      } catch (UnknownHostException unknown) {
        found.accept(List.of());
      }
    }

    @Override
    public void nameOf(InetAddress address, Consumer<@Nullable String> found) {
      String name = address.getCanonicalHostName();
      found.accept(name.equals(address.getHostAddress()) ? null : name);
    }
  }
}
