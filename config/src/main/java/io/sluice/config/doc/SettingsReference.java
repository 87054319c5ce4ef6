package io.sluice.config.doc;

import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes the reference of all settings as Markdown. */
public final class SettingsReference {
  private static final String HEAD =
      """
      # Settings

      This page is written from the table of settings in the code; do not edit it.

      A configuration is a file in PgBouncer's ini format or in HOCON; the content tells which.
      Names are the same in both.

      | | ini | HOCON |
      |---|---|---|
      | settings of the process | section `[pgbouncer]` | object `pgbouncer { }` |
      | databases, users, peers | `name = key=value key=value` in `[databases]`, `[users]`, `[peers]` | `name { key = value }` or the same string in quotes, in `databases { }`, `users { }`, `peers { }` |
      | times | seconds, `30` or `0.5` | also `500ms`, `30s`, `2min`, `1h`, `1d` |
      | sizes | bytes | also `4KiB`, `1MiB`, `1MB` |
      | booleans | `1` or `0` | also `true`, `false`, `yes`, `no`, `on`, `off` |
      | integers | `10`, `0x1f`, `0777` (octal) | the same |
      | lists | `a, b` | also `[a, b]` |
      | other files | `%include path` | `include "path"` |
      | variables | none | `${NAME}`, `${?NAME}` |

      The environment variable `SLUICE_` with the name of a setting in capitals overrides the file,
      for example `SLUICE_MAX_CLIENT_CONN=500`; its value is read as in HOCON. A secret may be
      written `file:/path`; it is then read from that file. An entry of `databases` called `*` stands
      for every database that has no entry of its own.

      A value of a user wins over the value of the database, that over the value of the process. In
      entries a negative number is the same as leaving the key out.

      """;

  private SettingsReference() {}

  /** Writes the whole page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("## Settings of the process\n\n");
    Settings.all().forEach(setting -> row(page, setting));
    page.append("## Keys of databases, users and peers\n\n");
    page.append(
        Arrays.stream(Scope.values())
            .filter(scope -> scope != Scope.GLOBAL)
            .map(SettingsReference::keys)
            .collect(Collectors.joining()));
    Settings.everywhere().stream()
        .filter(setting -> !setting.scopes().contains(Scope.GLOBAL))
        .forEach(setting -> row(page, setting));
    return page.toString().stripTrailing() + '\n';
  }

  private static String keys(Scope scope) {
    return Settings.in(scope).stream()
        .map(setting -> '`' + setting.name() + '`')
        .collect(Collectors.joining(", ", "In `" + scope.section() + "`: ", ".\n\n"));
  }

  private static void row(StringBuilder page, Setting<?> setting) {
    page.append("### ").append(heading(setting)).append("\n\n");
    page.append(setting.doc()).append(zero(setting)).append("\n\n");
    page.append("Type: ").append(setting.type().name()).append(defaultOf(setting));
    page.append(". In: ").append(scopes(setting));
    page.append(". A change acts ").append(setting.reload().words()).append('.');
    if (!setting.aliases().isEmpty()) {
      page.append(" Also called `").append(String.join("`, `", setting.aliases())).append("`.");
    }
    if (setting.isSecret()) {
      page.append(" Secret.");
    }
    if (!setting.isEffective()) {
      page.append(" **Not yet effective.**");
    }
    page.append("\n\n");
  }

  /** Names a setting; with its place if another row has the same name. */
  private static String heading(Setting<?> setting) {
    boolean ambiguous =
        Settings.everywhere().stream()
            .anyMatch(other -> other != setting && other.name().equals(setting.name()));
    return ambiguous ? setting.name() + " in " + scopes(setting).replace("`", "") : setting.name();
  }

  private static String zero(Setting<?> setting) {
    return setting.zeroMeaning() == null ? "" : " 0 means " + setting.zeroMeaning() + '.';
  }

  private static String defaultOf(Setting<?> setting) {
    String text = setting.defaultText();
    Setting<?> fallback = setting.fallback();
    if (fallback != null) {
      return ". Default: `" + fallback.name() + '`';
    }
    if (text == null) {
      return ". No default";
    }
    return text.isEmpty() ? ". Default: empty" : ". Default: `" + text + '`';
  }

  private static String scopes(Setting<?> setting) {
    return Arrays.stream(Scope.values())
        .filter(setting.scopes()::contains)
        .map(scope -> '`' + scope.section() + '`')
        .collect(Collectors.joining(", "));
  }
}
