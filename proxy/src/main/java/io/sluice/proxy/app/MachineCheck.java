package io.sluice.proxy.app;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.Origin;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.os.FileLimit;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsFailure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
   */
  static List<Problem> check(ProxyConfig config, int userCount) {
    return new MachineCheck(config).run(FileLimit.read(), userCount);
  }

  private List<Problem> run(FileLimit limit, int userCount) {
    checkFileLimit(limit, userCount);
    checkUser();
    checkDirectory(Settings.LOGFILE, true);
    checkDirectory(Settings.PIDFILE, true);
    checkDirectory(Settings.UNIX_SOCKET_DIR, false);
    checkOpenDoor();
    checkConfigFile();
    checkSecretFile(Settings.AUTH_FILE);
    checkSecretFile(Settings.CLIENT_TLS_KEY_FILE);
    checkSecretFile(Settings.SERVER_TLS_KEY_FILE);
    config.databases().values().forEach(this::checkPasswordFile);
    checkTls();
    return problems;
  }

  /** The files of TLS have to be there, and to belong together, when the process starts. */
  private void checkTls() {
    try {
      new Tls().plan(config);
    } catch (TlsFailure unusable) {
      Origin origin = new Origin(String.valueOf(config.file()), 0);
      problems.add(
          Problem.warning(origin, "tls", null, String.valueOf(unusable.getMessage()), null));
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

  private void checkConfigFile() {
    Path file = config.file();
    boolean hasSecret = config.databases().values().stream().anyMatch(MachineCheck::holdsPassword);
    if (file != null && hasSecret && isWorldReadable(file)) {
      Origin origin = new Origin(file.toString(), 0);
      problems.add(
          Problem.warning(
              origin, "", null, "holds passwords and everybody may read it", "chmod 640"));
    }
  }

  private static boolean holdsPassword(DatabaseConfig database) {
    return database.password() instanceof PasswordSource.Literal;
  }

  private void checkPasswordFile(DatabaseConfig database) {
    if (database.password() instanceof PasswordSource.File file
        && isWorldReadable(Path.of(file.path()))) {
      Origin place = database.values().origin(Settings.PASSWORD);
      problems.add(
          Problem.warning(
              place == null ? new Origin(String.valueOf(config.file()), 0) : place,
              "databases." + database.name() + ".password",
              null,
              "its file can be read by everybody",
              "chmod 640 " + file.path()));
    }
  }

  private void checkSecretFile(Setting<String> setting) {
    String file = config.values().find(setting);
    if (file != null && !file.isEmpty() && isWorldReadable(Path.of(file))) {
      warn(setting, "holds secrets and everybody may read it", "chmod 640 " + file);
    }
  }

  private void warn(Setting<?> setting, String sentence, @Nullable String hint) {
    Origin origin = config.values().origin(setting);
    Origin place = origin == null ? new Origin(String.valueOf(config.file()), 0) : origin;
    String value = config.values().print(setting);
    problems.add(Problem.warning(place, setting.name(), value, sentence, hint));
  }

  private static boolean isWorldReadable(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      // Not there, which the rules of the configuration report, or no POSIX file system.
      return false;
    }
  }
}
