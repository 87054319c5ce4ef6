package io.sluice.config.diff;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Reload;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two configurations. Immutable.
 *
 * @param databases the named databases
 * @param autoDatabaseChanged whether the {@code *} entry came, went or changed
 * @param users the entries of {@code users}
 * @param peers the entries of {@code peers}
 * @param settings the settings of the process that changed, in the order of SHOW CONFIG
 * @param closingServers databases, {@code *} included, whose servers must be replaced because they
 *     lead elsewhere now
 */
public record ConfigDiff(
    NameDiff<String> databases,
    boolean autoDatabaseChanged,
    NameDiff<String> users,
    NameDiff<Integer> peers,
    List<Setting<?>> settings,
    Set<String> closingServers) {

  public ConfigDiff {
    requireNonNull(databases, "databases");
    requireNonNull(users, "users");
    requireNonNull(peers, "peers");
    settings = List.copyOf(settings);
    closingServers = Set.copyOf(closingServers);
  }

  /** Compares two configurations; where a value was given makes no difference. */
  public static ConfigDiff between(ProxyConfig before, ProxyConfig after) {
    return new ConfigDiff(
        NameDiff.between(before.databases(), after.databases()),
        !Objects.equals(before.autoDatabase(), after.autoDatabase()),
        NameDiff.between(before.users(), after.users()),
        NameDiff.between(before.peers(), after.peers()),
        changedSettings(before, after),
        closingServers(before, after));
  }

  /** Lists the changed settings that act only when the process starts again. */
  public List<Setting<?>> needRestart() {
    return settings.stream()
        .filter(setting -> setting.reload() == Reload.RESTART)
        .<Setting<?>>map(setting -> setting)
        .toList();
  }

  /** Says whether nothing changed. */
  public boolean isEmpty() {
    return databases.isEmpty()
        && !autoDatabaseChanged
        && users.isEmpty()
        && peers.isEmpty()
        && settings.isEmpty();
  }

  private static List<Setting<?>> changedSettings(ProxyConfig before, ProxyConfig after) {
    return Settings.all().stream()
        .filter(setting -> !before.values().same(setting, after.values()))
        .<Setting<?>>map(setting -> setting)
        .toList();
  }

  private static Set<String> closingServers(ProxyConfig before, ProxyConfig after) {
    Set<String> names = new LinkedHashSet<>();
    before
        .databases()
        .forEach(
            (name, database) -> {
              if (leadsElsewhere(database, after.databases().get(name))) {
                names.add(name);
              }
            });
    DatabaseConfig auto = before.autoDatabase();
    if (auto != null && leadsElsewhere(auto, after.autoDatabase())) {
      names.add(auto.name());
    }
    return names;
  }

  private static boolean leadsElsewhere(DatabaseConfig before, @Nullable DatabaseConfig after) {
    return after != null && !before.sameServer(after);
  }
}
