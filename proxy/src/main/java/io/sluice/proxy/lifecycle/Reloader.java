package io.sluice.proxy.lifecycle;

import io.sluice.config.diff.ConfigDiff;
import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.auth.AccessFiles;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.tls.TlsFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a configuration into force: all of it, or nothing. To be called on the first event loop,
 * while it is alone.
 *
 * <pre>
 *   read files ─→ check ─→ read users and rules, build TLS ─→ apply: databases, users, pools, …
 *        ╰──────────┴──────────────────────┴─→ refused: nothing has changed
 * </pre>
 */
final class Reloader {
  private static final Logger log = LoggerFactory.getLogger(Reloader.class);

  private final ConfigSource source;
  private final Workers workers;
  private final PauseControl pauses;
  private final TlsWatch tls;
  private final PasswordWatch passwords;
  private ProxyConfig config;

  Reloader(
      ConfigSource source,
      Workers workers,
      PauseControl pauses,
      TlsWatch tls,
      PasswordWatch passwords,
      ProxyConfig config) {
    this.source = source;
    this.workers = workers;
    this.tls = tls;
    this.passwords = passwords;
    this.pauses = pauses;
    this.config = config;
  }

  /**
   * Reads the files anew.
   *
   * @return null when they are in force, else why nothing has changed
   */
  @Nullable String reload() {
    Result result = source.load();
    if (result instanceof Result.Refused refused) {
      refused.problems().forEach(Reloader::report);
      log.warn("config file loading failed, nothing was changed");
      return "config file loading failed";
    }
    Result.Loaded loaded = (Result.Loaded) result;
    loaded.warnings().forEach(Reloader::report);
    String failure = apply(loaded.config());
    if (failure == null) {
      failure = reopenLog();
    }
    return failure;
  }

  private static void report(Problem problem) {
    if (problem.isError()) {
      log.error("{}", problem);
    } else {
      log.warn("{}", problem);
    }
  }

  private @Nullable String reopenLog() {
    try {
      source.reopenLog(config.values());
      return null;
    } catch (IOException stays) {
      log.error("could not open logfile, keeping the old one: {}", stays.getMessage());
      return "could not open logfile";
    }
  }

  /**
   * Sets one setting until the next reload.
   *
   * @return null when it is in force, else why not
   */
  @Nullable String set(Setting<?> setting, String text) {
    Parsed<ProxyConfig> changed = config.with(setting, text);
    if (changed instanceof Parsed.Bad<ProxyConfig> bad) {
      return bad.sentence();
    }
    String failure = apply(((Parsed.Good<ProxyConfig>) changed).value());
    if (failure == null && (setting == Settings.VERBOSE || setting.name().startsWith("syslog"))) {
      failure = reopenLog();
    }
    return failure;
  }

  /** Puts a configuration into force; null when it is, else why not. */
  @Nullable String apply(ProxyConfig next) {
    AccessFiles.Result read = AccessFiles.read(next);
    if (read instanceof AccessFiles.Refused refused) {
      refused.problems().forEach(problem -> log.error("{}", problem));
      log.warn("files of users and rules could not be used, nothing was changed");
      return refused.problems().get(0);
    }
    try {
      tls.follow(workers.first().pools().tls().plan(next));
    } catch (TlsFailure failure) {
      log.error("TLS setup failed: {}", failure.getMessage());
      return "TLS setup failed: " + failure.getMessage();
    }
    AccessFiles files = ((AccessFiles.Loaded) read).files();
    // The first configuration is put into force the same way: nothing differs from itself then.
    for (Setting<?> setting : ConfigDiff.between(config, next).needRestart()) {
      log.warn("{} has changed, which takes effect at restart", setting.name());
    }
    config = next;
    Access shared = workers.first().access();
    shared.configure(next, files);
    passwords.follow(next);
    for (Worker worker : workers.all()) {
      Catalog catalog = worker.pools().catalog();
      Catalog.Changes changes = catalog.apply(next, files.secrets(), worker.loop().nowNs());
      changes.removed().forEach(database -> drop(worker, database));
      for (Database database : changes.reconnect()) {
        worker.pools().of(database).forEach(Pool::reconnect);
        pauses.endFormerUsers(worker, database);
      }
      configure(worker);
    }
    workers.all().forEach(worker -> worker.pools().activateAll());
    return null;
  }

  private void drop(Worker worker, Database database) {
    if (worker.loop() == workers.loops().first() || !database.isAutomatic()) {
      log.info(
          "dropping database '{}' as it does not exist anymore or inactive auto-database",
          database);
    }
    // Nobody who waits gets the server of one who is closed before him.
    database.setPaused(true);
    pauses.removePools(worker, database);
  }

  private void configure(Worker worker) {
    Values values = config.values();
    worker.access().queries().configure(config);
    worker
        .resolver()
        .configure(
            PoolSettings.ns(values.get(Settings.DNS_MAX_TTL)),
            PoolSettings.ns(values.get(Settings.DNS_NXDOMAIN_TTL)));
    worker.pools().cancels().configure(values);
    worker.pools().configure(config, values.get(Settings.UNIX_SOCKET_DIR));
    worker.clients().configure(config);
  }

  ProxyConfig config() {
    return config;
  }
}
