package io.sluice.proxy.lifecycle;

import io.sluice.config.load.SecretFile;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.catalog.OutsidePasswords;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.net.Offload;
import io.sluice.proxy.os.SecretCommand;
import io.sluice.proxy.pool.PoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the passwords that are kept outside: at files once a second, by commands as often as the
 * settings say. All on workers of its own; a password that cannot be had stays as it was. Confined
 * to the event loop.
 */
final class PasswordWatch implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(PasswordWatch.class);

  /** One command that hangs must not keep the others from being run. */
  private static final int WORKERS = 4;

  private static final long FILE_LOOK_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long MIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

  private final OutsidePasswords passwords;
  private final LoopContext loop;
  private final Offload workers;
  private final Map<PasswordSource, Watched> watched = new HashMap<>();

  PasswordWatch(OutsidePasswords passwords, LoopContext loop) {
    this.passwords = passwords;
    this.loop = loop;
    this.workers = new Offload(loop, WORKERS);
  }

  /** What is known of one source besides the password. */
  private static final class Watched {
    private final List<String> databases = new ArrayList<>();
    private long refreshNs;
    private long timeoutNs;
    private long dueNs;
    private long lastStartNs;
    private boolean busy;
    private boolean again;
    private boolean hasPassword;
    private @Nullable String failure;

    private String names() {
      return String.join(", ", databases);
    }
  }

  /** What a look has found: a password, or why there is none. */
  private record Found(@Nullable String password, @Nullable String failure) {
    @Override
    public String toString() {
      return "Found[****]";
    }
  }

  /** Takes a configuration; every source that it names is looked at now. */
  void follow(ProxyConfig config) {
    watched.values().forEach(known -> known.databases.clear());
    config.databases().values().forEach(database -> watch(config, database));
    DatabaseConfig automatic = config.autoDatabase();
    if (automatic != null) {
      watch(config, automatic);
    }
    watched.values().removeIf(known -> known.databases.isEmpty());
    passwords.follow(watched.keySet());
    watched.forEach(this::look);
  }

  private void watch(ProxyConfig config, DatabaseConfig database) {
    PasswordSource source = database.password();
    if (source == null || !source.isOutside()) {
      return;
    }
    Watched known = watched.computeIfAbsent(source, key -> new Watched());
    boolean first = known.databases.isEmpty();
    long refreshNs = refreshNs(time(config, database, Settings.PASSWORD_EXEC_REFRESH));
    long timeoutNs =
        Math.max(MIN_TIMEOUT_NS, time(config, database, Settings.PASSWORD_EXEC_TIMEOUT));
    if (source instanceof PasswordSource.File) {
      refreshNs = FILE_LOOK_NS;
    }
    known.refreshNs = first ? refreshNs : Math.min(known.refreshNs, refreshNs);
    known.timeoutNs = first ? timeoutNs : Math.max(known.timeoutNs, timeoutNs);
    known.databases.add(database.name());
  }

  private static long time(ProxyConfig config, DatabaseConfig database, Setting<Duration> setting) {
    return PoolSettings.ns(config.effective(setting, null, database));
  }

  /** 0 stands for never. */
  private static long refreshNs(long configured) {
    return configured == 0 ? Long.MAX_VALUE / 4 : configured;
  }

  @Override
  public void maintain(long nowNs) {
    watched.forEach(
        (source, known) -> {
          boolean doubted = nowNs - known.lastStartNs >= RETRY_NS && passwords.takeDoubt(source);
          if (doubted || nowNs - known.dueNs >= 0) {
            look(source, known);
          }
        });
  }

  private void look(PasswordSource source, Watched known) {
    if (known.busy) {
      known.again = true;
      return;
    }
    known.again = false;
    known.lastStartNs = loop.nowNs();
    known.dueNs = known.lastStartNs + Math.min(known.refreshNs, RETRY_NS);
    long timeoutNs = known.timeoutNs;
    known.busy =
        workers.submit(
            () -> find(source, timeoutNs),
            found -> take(source, known, found),
            bug -> take(source, known, new Found(null, "it cannot be had: " + bug)));
  }

  /** Runs on a worker. */
  private static Found find(PasswordSource source, long timeoutNs) {
    if (source instanceof PasswordSource.File file) {
      Parsed<String> read = SecretFile.read(file.path());
      return read instanceof Parsed.Bad<String> bad
          ? new Found(null, bad.sentence())
          : new Found(((Parsed.Good<String>) read).value(), null);
    }
    try {
      List<String> words = ((PasswordSource.Command) source).words();
      return new Found(SecretCommand.run(words, timeoutNs), null);
    } catch (SecretCommand.Failure failure) {
      return new Found(null, failure.getMessage());
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return new Found(null, "the process ends");
    }
  }

  private void take(PasswordSource source, Watched known, Found found) {
    known.busy = false;
    boolean changed = passwords.seen(source, found.password());
    if (watched.get(source) != known) {
      return;
    }
    tell(source, known, found, changed);
    if (found.password() != null) {
      known.hasPassword = true;
      known.dueNs = loop.nowNs() + known.refreshNs;
    }
    if (known.again) {
      look(source, known);
    }
  }

  /** Once for each change, and for each new reason of a failure. */
  private static void tell(PasswordSource source, Watched known, Found found, boolean changed) {
    String failure = found.failure();
    if (failure != null && !failure.equals(known.failure)) {
      log.warn(
          "password of database {}: {} gives none{}: {}",
          known.names(),
          source.place(),
          known.hasPassword ? ", keeping the old one" : "",
          failure);
    } else if (changed) {
      log.info(
          "password of database {}: {} gives a new one, new connections use it",
          known.names(),
          source.place());
    } else if (failure == null && known.failure != null) {
      log.info("password of database {}: {} gives one again", known.names(), source.place());
    }
    known.failure = failure;
  }

  /** Ends the workers; commands that run are killed. */
  void close() {
    workers.close();
  }
}
