package io.sluice.config.load;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.HostList;
import io.sluice.config.value.Origin;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entries of databases, users and peers while the files are being read. */
final class EntryDraft {
  /** The console. */
  private static final String RESERVED = "pgbouncer";

  private static final String AUTO = "*";
  private static final int MAX_DATABASE_BYTES = 63;
  private static final int MAX_USER_BYTES = 127;
  private static final int MAX_PEER_ID = 65535;

  private final Draft draft;
  private final Map<Scope, Map<String, Entry>> entries = new EnumMap<>(Scope.class);

  EntryDraft(Draft draft) {
    this.draft = draft;
    for (Scope scope : Scope.values()) {
      entries.put(scope, new LinkedHashMap<>());
    }
  }

  private record Entry(Values values, Origin origin) {}

  /** Takes one entry; it replaces an earlier one of the same name as a whole. */
  void take(Scope scope, String name, List<Draft.Given> keys, Origin origin) {
    String label = scope.section() + '.' + name;
    String sentence = refusedName(scope, name);
    if (sentence != null) {
      draft.report(Problem.error(origin, label, null, sentence, null));
    }
    Values values = values(scope, label, keys);
    Map<String, Entry> section = entries.getOrDefault(scope, Map.of());
    Entry earlier = section.get(name);
    if (earlier != null && earlier.origin().file().equals(origin.file())) {
      String replaces = "replaces the entry of line " + earlier.origin().line();
      draft.report(Problem.warning(origin, label, null, replaces, null));
    }
    if (scope == Scope.PEER) {
      checkPeer(label, values, origin);
    }
    if (sentence == null) {
      section.put(name, new Entry(values, origin));
    }
  }

  /** Makes the configuration of the settings and these entries. */
  ProxyConfig build(@Nullable Path file, Values globals) {
    Map<String, DatabaseConfig> databases = new LinkedHashMap<>();
    section(Scope.DATABASE)
        .forEach((name, entry) -> databases.put(name, DatabaseConfig.of(name, entry.values())));
    DatabaseConfig auto = databases.remove(AUTO);
    Map<String, UserConfig> users = new LinkedHashMap<>();
    section(Scope.USER)
        .forEach((name, entry) -> users.put(name, new UserConfig(name, entry.values())));
    Map<Integer, PeerConfig> peers = new LinkedHashMap<>();
    section(Scope.PEER).forEach((name, entry) -> addPeer(peers, name, entry.values()));
    return new ProxyConfig(file, globals, databases, auto, users, peers);
  }

  private Map<String, Entry> section(Scope scope) {
    return entries.getOrDefault(scope, Map.of());
  }

  private Values values(Scope scope, String label, List<Draft.Given> keys) {
    Map<Setting<?>, Draft.Given> last = new LinkedHashMap<>();
    for (Draft.Given given : keys) {
      Setting<?> setting = Settings.find(given.key(), scope);
      if (setting == null) {
        unknownKey(scope, label, given);
      } else {
        last.put(setting, given);
      }
    }
    Values.Builder values = Values.scoped();
    last.forEach(
        (setting, given) ->
            draft.assign(values, setting, scope, given, label + '.' + setting.name()));
    return values.build();
  }

  /** The value of an unknown key is not repeated: it may be a secret under a misspelt key. */
  private void unknownKey(Scope scope, String label, Draft.Given given) {
    Setting<?> elsewhere = Settings.find(given.key());
    String hint =
        elsewhere != null
            ? "it can be set in " + places(elsewhere)
            : NearestName.hint(given.key(), Draft.names(scope));
    String sentence = "unknown key in an entry of " + scope.section();
    draft.report(Problem.error(given.origin(), label + '.' + given.key(), null, sentence, hint));
  }

  private static String places(Setting<?> setting) {
    return Arrays.stream(Scope.values())
        .filter(setting.scopes()::contains)
        .map(Scope::section)
        .collect(Collectors.joining(" and "));
  }

  private @Nullable String refusedName(Scope scope, String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return switch (scope) {
      case GLOBAL -> "the section pgbouncer has no entries";
      case DATABASE -> refusedDatabase(name, bytes);
      case USER -> bytes > MAX_USER_BYTES ? "the name is longer than 127 bytes" : null;
      case PEER -> peerId(name) == 0 ? "the name of a peer is its id, 1 to 65535" : null;
    };
  }

  private static @Nullable String refusedDatabase(String name, int bytes) {
    if (name.equals(RESERVED)) {
      return "the name is reserved for the console";
    }
    return bytes > MAX_DATABASE_BYTES ? "the name is longer than 63 bytes" : null;
  }

  private void checkPeer(String label, Values values, Origin origin) {
    HostList hosts = values.find(Settings.HOST);
    if (hosts == null) {
      draft.report(Problem.error(origin, label, null, "a peer needs a host", "host=NAME"));
    } else if (hosts.size() > 1) {
      draft.report(
          Problem.error(origin, label + ".host", hosts.text(), "a peer has one host", null));
    }
  }

  private static void addPeer(Map<Integer, PeerConfig> peers, String name, Values values) {
    HostList hosts = values.find(Settings.HOST);
    Integer port = values.find(Settings.PEER_PORT);
    Integer defaultPort = Settings.PEER_PORT.defaultValue();
    if (hosts != null && defaultPort != null) {
      int id = peerId(name);
      peers.put(id, new PeerConfig(id, hosts.get(0), port == null ? defaultPort : port, values));
    }
  }

  /** Reads a peer id, or returns 0 if the name is none. */
  private static int peerId(String name) {
    if (!name.matches("[0-9]{1,5}")) {
      return 0;
    }
    int id = Integer.parseInt(name, 10);
    return id <= MAX_PEER_ID ? id : 0;
  }

  /** Turns the connection string of an entry into its keys, or reports why it is none. */
  static List<Draft.Given> keys(Draft draft, String label, String text, Origin origin) {
    Parsed<List<ConnectString.Pair>> parsed = ConnectString.parse(text);
    if (parsed instanceof Parsed.Good<List<ConnectString.Pair>> good) {
      return good.value().stream()
          .map(pair -> new Draft.Given(pair.key(), pair.value(), Dialect.CONNECT_STRING, origin))
          .toList();
    }
    if (parsed instanceof Parsed.Bad<List<ConnectString.Pair>> bad) {
      draft.report(Problem.error(origin, label, null, bad.sentence(), bad.hint()));
    }
    return List.of();
  }
}
