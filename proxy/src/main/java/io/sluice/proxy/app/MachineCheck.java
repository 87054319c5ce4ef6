package io.sluice.proxy.app;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.Origin;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.hba.HbaRule;
import io.sluice.proxy.os.FileLimit;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsFailure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares a configuration with the machine that it is to run on: file limit, file modes. */
final class MachineCheck {
  private final ProxyConfig config;
  private final List<Problem> problems = new ArrayList<>();

  private MachineCheck(ProxyConfig config) {
    this.config = config;
  }

  /**
   * Applies all rules; what they find are warnings, since the machine may change.
   *
   * @param userCount how many users the user list has
   * @param rules of the HBA file
   */
  static List<Problem> check(ProxyConfig config, int userCount, List<HbaRule> rules) {
    return new MachineCheck(config).run(userCount, rules);
  }

  private List<Problem> run(int userCount, List<HbaRule> rules) {
    checkFileLimit(FileLimit.read(), userCount);
    checkUser();
    checkDirectory(Settings.LOGFILE, true);
    checkDirectory(Settings.PIDFILE, true);
    checkDirectory(Settings.UNIX_SOCKET_DIR, false);
    checkOpenDoor();
    problems.addAll(new SecretFiles(config, FileReaders.ofThisProcess()).check(rules));
    checkTls();
    return problems;
  }

  /** The files of TLS have to be there, and to belong together, when the process starts. */
  private void checkTls() {
    try {
      new Tls().plan(config);
    } catch (TlsFailure unusable) {
      problems.add(
          Problem.warning(
              config.origin(), "tls", null, String.valueOf(unusable.getMessage()), null));
    }
  }

  private void checkFileLimit(FileLimit limit, int userCount) {
    long expected = FileUse.expected(config, userCount);
    if (limit.hard() < expected) {
      warn(
          Settings.MAX_CLIENT_CONN,
          "up to " + expected + " file descriptors may be needed, the limit is " + limit.hard(),
          "raise ulimit -n to " + expected);
    }
  }

  private void checkUser() {
    String user = config.values().find(Settings.USER);
    if (user == null || user.isEmpty()) {
      return;
    }
    try {
      FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user);
    } catch (IOException | UnsupportedOperationException unknown) {
      warn(Settings.USER, "this machine has no such user", null);
    }
  }

  /** Looks for the directory that something is to be written to. */
  private void checkDirectory(Setting<String> setting, boolean isFile) {
    String name = config.values().find(setting);
    if (name == null || name.isEmpty() || name.startsWith("@")) {
      return;
    }
    Path path = Path.of(name).toAbsolutePath();
    Path directory = isFile ? path.getParent() : path;
    if (directory != null && !Files.isDirectory(directory)) {
      warn(setting, "there is no directory " + directory, null);
    }
  }

  private void checkOpenDoor() {
    AuthType type = config.values().get(Settings.AUTH_TYPE);
    boolean everywhere = config.values().get(Settings.LISTEN_ADDR).contains("*");
    if (everywhere && (type == AuthType.TRUST || type == AuthType.ANY)) {
      warn(Settings.AUTH_TYPE, "anybody who reaches the port gets in", "listen_addr = *");
    }
  }

  private void warn(Setting<?> setting, String sentence, @Nullable String hint) {
    Origin place = config.origin(config.values(), setting);
    String value = config.values().print(setting);
    problems.add(Problem.warning(place, setting.name(), value, sentence, hint));
  }
}
