package io.sluice.config.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes HOCON into a draft: the objects {@code pgbouncer}, {@code databases}, {@code users} and
 * {@code peers}. Other top-level names are variables for substitutions. An entry is an object or a
 * connection string.
 */
final class HoconLoader {
  /** Deepest nesting of brackets; the parser is recursive and would run out of stack. */
  private static final int MAX_DEPTH = 200;

  private final Draft draft;
  private final String name;

  private HoconLoader(Draft draft, String name) {
    this.draft = draft;
    this.name = name;
  }

  /**
   * Takes a text, or the file it was read from if there is one, so that includes are found beside
   * it.
   *
   * @param environment what {@code ${VARIABLE}} stands for
   */
  static void load(
      Draft draft, String text, String name, @Nullable Path file, Map<String, String> environment) {
    new HoconLoader(draft, name).load(text, file, environment);
  }

  private void load(String text, @Nullable Path file, Map<String, String> environment) {
    if (isTooDeep(text)) {
      draft.report(Problem.error(new Origin(name, 0), "", null, "brackets nest too deep", null));
      return;
    }
    try {
      Config parsed = parse(text, file);
      ConfigResolveOptions options =
          ConfigResolveOptions.noSystem().appendResolver(new VariableResolver(environment));
      parsed.resolve(options).root().entrySet().stream()
          .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
          .forEach(entry -> section(entry.getKey(), entry.getValue()));
    } catch (ConfigException e) {
      draft.report(HoconMistake.problem(e, name, text));
    }
  }

  private Config parse(String text, @Nullable Path file) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setAllowMissing(false)
            .setOriginDescription(name);
    return file == null
        ? ConfigFactory.parseString(text, options)
        : ConfigFactory.parseFile(file.toFile(), options);
  }

  private void section(String key, ConfigValue value) {
    Scope scope = Scope.find(key);
    if (scope == null) {
      unknownSection(key, value);
    } else if (!(value instanceof ConfigObject section)) {
      draft.report(
          Problem.error(
              origin(value), key, null, "expected an object", "write " + key + " { ... }"));
    } else if (scope == Scope.GLOBAL) {
      draft.mainSection();
      inOrder(section).forEach(entry -> setting(entry.getKey(), entry.getValue()));
    } else {
      inOrder(section).forEach(entry -> entry(scope, entry.getKey(), entry.getValue()));
    }
  }

  /** A name that is no section is a variable, unless it looks like a mistake. */
  private void unknownSection(String key, ConfigValue value) {
    List<String> sections = Arrays.stream(Scope.values()).map(Scope::section).toList();
    String nearest = NearestName.find(key, sections);
    String hint = nearest == null ? null : "did you mean " + nearest + "?";
    if (nearest == null && Settings.find(key) != null) {
      hint = "it belongs into pgbouncer { ... }";
    }
    if (hint != null) {
      draft.report(Problem.error(origin(value), key, null, "unknown section", hint));
    }
  }

  private void setting(String key, ConfigValue value) {
    String text = text(key, value, ", ");
    if (text != null) {
      draft.setting(new Draft.Given(key, text, Dialect.HOCON, origin(value)));
    }
  }

  private void entry(Scope scope, String entryName, ConfigValue value) {
    String label = scope.section() + '.' + entryName;
    if (value instanceof ConfigObject object) {
      List<Draft.Given> keys = new ArrayList<>();
      inOrder(object).forEach(entry -> addKey(keys, label, entry.getKey(), entry.getValue()));
      draft.entry(scope, entryName, keys, origin(value));
      return;
    }
    String text = text(label, value, ",");
    if (text != null) {
      Origin origin = origin(value);
      draft.entry(scope, entryName, EntryDraft.keys(draft, label, text, origin), origin);
    }
  }

  private void addKey(List<Draft.Given> keys, String label, String key, ConfigValue value) {
    String text = text(label + '.' + key, value, ",");
    if (text != null && text.isEmpty()) {
      draft.report(
          Problem.error(
              origin(value), label + '.' + key, null, "the value is empty", "leave it out"));
    } else if (text != null) {
      keys.add(new Draft.Given(key, text, Dialect.HOCON, origin(value)));
    }
  }

  /** Returns a scalar as it was written and a list joined; null if there is nothing to take. */
  private @Nullable String text(String label, ConfigValue value, String separator) {
    if (value.valueType() == ConfigValueType.NULL) {
      return null;
    }
    if (value instanceof ConfigObject) {
      draft.report(
          Problem.error(origin(value), label, null, "expected a value, not an object", null));
      return null;
    }
    if (!(value instanceof ConfigList list)) {
      return scalar(value);
    }
    if (list.stream().anyMatch(element -> !isScalar(element))) {
      draft.report(Problem.error(origin(value), label, null, "expected a list of words", null));
      return null;
    }
    return list.stream().map(HoconLoader::scalar).collect(Collectors.joining(separator));
  }

  private static boolean isScalar(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }

  /** Reads the text of a scalar; through a config, because that keeps the spelling of numbers. */
  private static String scalar(ConfigValue value) {
    return value.atKey("x").getString("x").strip();
  }

  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .toList();
  }

  private Origin origin(ConfigValue value) {
    return HoconMistake.origin(value.origin(), name);
  }

  private static boolean isTooDeep(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        return true;
      }
    }
    return false;
  }
}
