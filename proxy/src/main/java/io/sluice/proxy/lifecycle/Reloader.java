package io.sluice.proxy.lifecycle;

import io.sluice.config.diff.ConfigDiff;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.net.Offload;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.tls.Tls;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a configuration into force: all of it, or nothing; one after the other. To be called on the
 * first event loop. Files are read on a thread of its own, however slow they are; what they say is
 * put into force on the first loop, while it is alone.
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
  private final Offload reader;
  private final Deque<Job> jobs = new ArrayDeque<>();

  /** Changed by jobs only, of which there is one at a time. */
  private volatile ProxyConfig config;

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
    this.reader = new Offload(workers.first().loop(), 1);
  }

  /**
   * What is to be done.
   *
   * @param read reads everything; runs on the thread of its own
   * @param reopensLog whether the log follows
   * @param told who is told how it went
   */
  private record Job(Supplier<Reading> read, boolean reopensLog, Consumer<@Nullable String> told) {}

  /** Reads the configuration anew; tells null when it is in force, else why nothing has changed. */
  void reload(Consumer<@Nullable String> told) {
    add(new Job(() -> Reading.load(source, plans()), true, told));
  }

  /** Sets one setting until the next reload; tells null when it is in force, else why not. */
  void set(Setting<?> setting, String text, Consumer<@Nullable String> told) {
    boolean reopensLog = setting == Settings.VERBOSE || setting.name().startsWith("syslog");
    add(new Job(() -> Reading.change(config, setting, text, plans()), reopensLog, told));
  }

  private Tls plans() {
    return workers.first().pools().tls();
  }

  private void add(Job job) {
    jobs.add(job);
    if (jobs.size() == 1) {
      start(job);
    }
  }

  private void start(Job job) {
    reader.submit(
        job.read(), reading -> conclude(job, reading), bug -> conclude(job, Reading.broken(bug)));
  }

  private void conclude(Job job, Reading reading) {
    try {
      workers.loops().alone(() -> finish(job, reading));
    } catch (RuntimeException bug) {
      // Those who come later must not wait for this one.
      if (job.equals(jobs.peek())) {
        finish(job, Reading.broken(bug));
      } else {
        log.error("the configuration is in force in part", bug);
      }
    }
  }

  private void finish(Job job, Reading reading) {
    try {
      job.told().accept(take(job, reading));
    } finally {
      jobs.remove();
      if (!jobs.isEmpty()) {
        start(jobs.element());
      }
    }
  }

  private @Nullable String take(Job job, Reading reading) {
    if (reading instanceof Reading.Failed failed) {
      return failed.reason();
    }
    Reading.Ready ready = (Reading.Ready) reading;
    warnOfRestart(ready.config());
    install(ready);
    return job.reopensLog() ? reopenLog() : null;
  }

  private void warnOfRestart(ProxyConfig next) {
    for (Setting<?> setting : ConfigDiff.between(config, next).needRestart()) {
      log.warn("{} has changed, which takes effect at restart", setting.name());
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
   * Puts the first configuration into force, before anybody is served.
   *
   * @return null when it is, else why not
   */
  @Nullable String begin() {
    Reading reading = Reading.of(config, plans());
    if (reading instanceof Reading.Failed failed) {
      return failed.reason();
    }
    install((Reading.Ready) reading);
    return null;
  }

  private void install(Reading.Ready ready) {
    ProxyConfig next = ready.config();
    tls.follow(ready.plan());
    config = next;
    Access shared = workers.first().access();
    shared.configure(next, ready.files());
    passwords.follow(next);
    for (Worker worker : workers.all()) {
      Catalog catalog = worker.pools().catalog();
      Catalog.Changes changes = catalog.apply(next, ready.files().secrets(), worker.loop().nowNs());
      changes.removed().forEach(database -> drop(worker, database));
      for (Database database : changes.reconnect()) {
        worker.pools().of(database).forEach(Pool::reconnect);
        pauses.endFormerUsers(worker, database);
      }
      configure(worker);
    }
    workers.all().forEach(worker -> worker.pools().activateAll());
  }

  private void drop(Worker worker, Database database) {
    if (worker.loop() == workers.loops().first() || !database.isAutomatic()) {
      log.info(
          "dropping database '{}' as it does not exist anymore or inactive auto-database",
          database);
    }
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

  /** Ends the thread that reads. */
  void close() {
    reader.close();
  }
}
