package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.catalog.AuthFile;
import io.sluice.proxy.lifecycle.ConfigSource;
import io.sluice.proxy.lifecycle.PidFile;
import io.sluice.proxy.lifecycle.Signals;
import io.sluice.proxy.lifecycle.SystemdNotify;
import io.sluice.proxy.logging.Logging;
import io.sluice.proxy.os.Background;
import io.sluice.proxy.os.FileLimit;
import io.sluice.proxy.os.OwnProcess;
import io.sluice.proxy.os.ProcessUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the process up in PgBouncer's order: configuration, user, log, a look for another
 * instance, listeners, pidfile. Confined to the main thread.
 */
final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private final Arguments.Run arguments;
  private final Launch launch;
  private final Map<String, String> environment;
  private final ServiceFactory factory;

  /** Makes the pooler once everything it needs to know is known. */
  interface ServiceFactory {
    /**
     * Builds a pooler; nothing is opened yet.
     *
     * @param source where a reload reads from
     */
    Service make(ProxyConfig config, ConfigSource source);
  }

  Startup(
      Arguments.Run arguments,
      Launch launch,
      Map<String, String> environment,
      ServiceFactory factory) {
    this.arguments = arguments;
    this.launch = launch;
    this.environment = environment;
    this.factory = factory;
  }

  /**
   * Runs the pooler to its end.
   *
   * @throws StartFailure if it does not come up
   */
  void run() throws StartFailure, InterruptedException {
    refuseUnreachableDaemon();
    List<Problem> warnings = new ArrayList<>();
    ProxyConfig config = load(warnings);
    becomeUser(config.values());
    runAsUser(config, warnings);
  }

  /** As {@link #run}, but as whoever this process belongs to, be it the superuser. */
  void rehearse() throws StartFailure, InterruptedException {
    List<Problem> warnings = new ArrayList<>();
    runAsUser(load(warnings), warnings);
  }

  private void runAsUser(ProxyConfig config, List<Problem> warnings)
      throws StartFailure, InterruptedException {
    LogChoice log = LogChoice.of(arguments);
    openLog(log, config.values());
    warnings.forEach(Startup::log);
    if (arguments.isReboot()) {
      LOG.warn("option -R does nothing here: start beside the old process with so_reuseport");
    }
    OtherInstance.refuse(config.values());
    PidFile pidFile = checkedPidFile(config.values());
    logLimits(config);
    if (arguments.isDaemon()) {
      Background.leaveSession();
    }
    FileSource source = new FileSource(arguments.configFile(), environment, log);
    Service service = factory.make(config, source);
    SystemdNotify systemd = SystemdNotify.in(environment);
    Signals signals = new Signals(service, systemd);
    signals.install();
    serve(service, signals, pidFile);
    LOG.info("process up: {}", VersionText.line(service.transport()));
    systemd.ready();
    if (arguments.isDaemon()) {
      source.leaveTerminal();
      detach(log, config.values());
    }
    service.awaitEnd();
  }

  private void refuseUnreachableDaemon() throws StartFailure {
    if (arguments.isDaemon() && launch.upPipe() < 0) {
      throw new StartFailure("option -d needs the launcher: start ./sluice -d instead of java");
    }
  }

  private ProxyConfig load(List<Problem> warnings) throws StartFailure {
    Result result = ConfigLoader.load(arguments.configFile(), environment);
    if (result instanceof Result.Loaded loaded) {
      warnings.addAll(loaded.warnings());
      return loaded.config();
    }
    ((Result.Refused) result).problems().forEach(Startup::log);
    throw new StartFailure("cannot load config file");
  }

  private static void log(Problem problem) {
    if (problem.isError()) {
      LOG.error("{}", problem);
    } else {
      LOG.warn("{}", problem);
    }
  }

  private void becomeUser(Values values) throws StartFailure {
    String user = arguments.user() == null ? values.find(Settings.USER) : arguments.user();
    if (user != null && !user.isEmpty()) {
      try {
        ProcessUser.become(user);
      } catch (IllegalArgumentException e) {
        throw new StartFailure(String.valueOf(e.getMessage()));
      }
    }
    if (OwnProcess.effectiveUid() == OwnProcess.ROOT) {
      throw new StartFailure("Sluice should not run as root (set user= or -u)");
    }
  }

  private static void openLog(LogChoice choice, Values values) throws StartFailure {
    try {
      Logging.configure(choice.settings(values));
    } catch (IOException e) {
      throw new StartFailure("could not open logfile: " + e.getMessage());
    }
  }

  private @Nullable PidFile checkedPidFile(Values values) throws StartFailure {
    String path = values.find(Settings.PIDFILE);
    if (path == null || path.isEmpty()) {
      if (arguments.isDaemon()) {
        throw new StartFailure("daemon needs pidfile configured");
      }
      return null;
    }
    PidFile file = new PidFile(Path.of(path));
    try {
      file.check();
    } catch (IOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()));
    }
    return file;
  }

  private static void logLimits(ProxyConfig config) {
    FileLimit limit = FileLimit.raise();
    long expected = FileUse.expected(config, userCount(config));
    int clients = config.values().get(Settings.MAX_CLIENT_CONN);
    LOG.info(
        "kernel file descriptor limit: {} (hard: {}); max_client_conn: {}, max expected fd use: {}",
        limit.soft(),
        limit.hard(),
        clients,
        expected);
    if (limit.soft() < expected) {
      LOG.warn(
          "too few file descriptors: raise ulimit -n to {} or lower max_client_conn", expected);
    }
  }

  /** The users that are known beforehand; a list that cannot be read stops the start later. */
  private static int userCount(ProxyConfig config) {
    String file = config.values().find(Settings.AUTH_FILE);
    if (file == null || file.isEmpty()) {
      return config.users().size();
    }
    AuthFile.Result read = AuthFile.read(Path.of(file));
    int listed = read instanceof AuthFile.Loaded loaded ? loaded.secrets().size() : 0;
    return Math.max(listed, config.users().size());
  }

  private void serve(Service service, Signals signals, @Nullable PidFile pidFile)
      throws StartFailure {
    try {
      service.start();
      // Only now: it takes longer than all other signals, and connections are accepted meanwhile.
      signals.installQuit(launch.file3IsFree());
      if (pidFile != null) {
        pidFile.write();
        Runtime.getRuntime().addShutdownHook(new Thread(pidFile::remove, "pidfile"));
      }
    } catch (IOException e) {
      throw new StartFailure(String.valueOf(e.getMessage()));
    }
  }

  /** Lets the launcher and its terminal go, now that nothing can fail any more. */
  private void detach(LogChoice log, Values values) throws StartFailure {
    openLog(log.withoutStderr(), values);
    Background.detachStandardStreams();
    Background.reportUp(launch.upPipe());
  }
}
