package io.sluice.config.load;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.DefunctSettings;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Origin;
import io.sluice.config.value.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration while its files are being read: what was given so far, and every problem.
 * Confined to one thread.
 */
final class Draft {
  private final List<Problem> problems = new ArrayList<>();
  private final Values.Builder globals = Values.global();
  private final EntryDraft entries = new EntryDraft(this);
  private boolean mainSectionSeen;

  /** A key of an entry with its value and place. */
  record Given(String key, String text, Dialect dialect, Origin origin) {}

  /** Notes that the section {@code pgbouncer} occurs. */
  void mainSection() {
    mainSectionSeen = true;
  }

  /** Says whether the section {@code pgbouncer} occurred. */
  boolean hasMainSection() {
    return mainSectionSeen;
  }

  /**
   * Takes a setting of the section {@code pgbouncer}. A repetition within one file is a warning.
   */
  void setting(Given given) {
    Setting<?> setting = Settings.find(given.key());
    if (setting == null) {
      unknownSetting(given);
      return;
    }
    Origin earlier = globals.origin(setting);
    if (earlier != null && earlier.file().equals(given.origin().file())) {
      warn(given, setting, "replaces the value of line " + earlier.line());
    }
    assign(globals, setting, Scope.GLOBAL, given, given.key());
  }

  /** Takes the entry of a database, user or peer. */
  void entry(Scope scope, String name, List<Given> keys, Origin origin) {
    entries.take(scope, name, keys, origin);
  }

  /** Notes a problem. */
  void report(Problem problem) {
    problems.add(problem);
  }

  /** Returns the problems so far. */
  List<Problem> problems() {
    return problems;
  }

  /** Says whether anything so far forbids to use the configuration. */
  boolean isRefused() {
    return problems.stream().anyMatch(Problem::isError);
  }

  /** Says whether a setting of the process was given. */
  boolean isSet(Setting<?> setting) {
    return globals.origin(setting) != null;
  }

  /** Makes the configuration of what was given. */
  io.sluice.config.value.ProxyConfig build(@Nullable Path file, Origin origin) {
    if (file != null && !isSet(Settings.CONFFILE)) {
      globals.set(Settings.CONFFILE, file.toString(), file.toString(), origin);
    }
    return entries.build(file, globals.build());
  }

  /**
   * Parses a value into {@code target}, or reports why it can not be.
   *
   * @param label the setting as problems name it
   */
  <T> void assign(
      Values.Builder target, Setting<T> setting, Scope scope, Given given, String label) {
    Parsed<String> read =
        setting.isSecret() ? SecretFile.resolve(setting, given.text()) : Parsed.good(given.text());
    if (read instanceof Parsed.Bad<String> bad) {
      refuse(given, setting, label, bad.sentence(), bad.hint());
      return;
    }
    String text = ((Parsed.Good<String>) read).value();
    if (setting.inherits(text, scope, given.dialect())) {
      return;
    }
    Parsed<T> parsed = setting.parse(text, given.dialect());
    if (parsed instanceof Parsed.Bad<T>) {
      parsed = leadingNumber(setting, given, text, label, parsed);
    }
    if (parsed instanceof Parsed.Good<T> good) {
      target.set(setting, good.value(), text, given.origin());
    } else if (parsed instanceof Parsed.Bad<T> bad) {
      refuse(given, setting, label, bad.sentence(), bad.hint());
    }
  }

  /**
   * PgBouncer reads numbers of connection strings by atoi, which ignores what follows the digits.
   */
  private <T> Parsed<T> leadingNumber(
      Setting<T> setting, Given given, String text, String label, Parsed<T> refused) {
    int end = 0;
    while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0) {
      end++;
    }
    boolean lenient = given.dialect() == Dialect.CONNECT_STRING && setting.type().isNumeric();
    if (!lenient || end == 0 || end == text.length()) {
      return refused;
    }
    Parsed<T> parsed = setting.parse(text.substring(0, end), given.dialect());
    if (parsed instanceof Parsed.Good<T>) {
      report(
          Problem.warning(
              given.origin(), label, text, "only the number at the beginning counts", null));
    }
    return parsed;
  }

  /** The value of an unknown name is not repeated: it may be a secret under a misspelt name. */
  private void unknownSetting(Given given) {
    DefunctSettings.Defunct defunct = DefunctSettings.find(given.key());
    if (defunct == null) {
      String hint = NearestName.hint(given.key(), names(Scope.GLOBAL));
      report(Problem.error(given.origin(), given.key(), null, "unknown setting", hint));
    } else if (defunct.ignored()) {
      report(Problem.warning(given.origin(), given.key(), null, defunct.sentence(), null));
    } else {
      report(Problem.error(given.origin(), given.key(), null, defunct.sentence(), null));
    }
  }

  /** Lists every name that a scope knows, aliases included. */
  static Set<String> names(Scope scope) {
    Set<String> names = new LinkedHashSet<>();
    for (Setting<?> setting : Settings.in(scope)) {
      names.add(setting.name());
      names.addAll(setting.aliases());
    }
    return names;
  }

  private void warn(Given given, Setting<?> setting, String sentence) {
    String value = setting.isSecret() ? Problem.HIDDEN : given.text();
    report(Problem.warning(given.origin(), given.key(), value, sentence, null));
  }

  private void refuse(
      Given given, Setting<?> setting, String label, String sentence, @Nullable String hint) {
    String value = setting.isSecret() ? Problem.HIDDEN : given.text();
    report(Problem.error(given.origin(), label, value, sentence, hint));
  }
}
