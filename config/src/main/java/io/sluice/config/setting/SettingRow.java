package io.sluice.config.setting;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of {@link Settings} while it is being written down. Confined to class initialisation. */
final class SettingRow<T> {
  final String name;
  final SettingType<T> type;
  private final List<Setting<?>> table;
  @Nullable String defaultText;
  Set<Scope> scopes = EnumSet.of(Scope.GLOBAL);
  Set<Scope> zeroInherits = EnumSet.noneOf(Scope.class);
  Reload reload = Reload.LIVE;
  boolean secret;
  boolean effective = true;
  List<String> aliases = List.of();
  @Nullable Setting<T> fallback;
  @Nullable String zeroMeaning;
  String doc = "";

  SettingRow(String name, SettingType<T> type, List<Setting<?>> table) {
    this.name = name;
    this.type = type;
    this.table = table;
  }

  SettingRow<T> defaultsTo(String text) {
    defaultText = text;
    return this;
  }

  SettingRow<T> scopes(Scope first, Scope... more) {
    scopes = EnumSet.of(first, more);
    return this;
  }

  /** In entries of these scopes a zero is the same as leaving the setting out. */
  SettingRow<T> zeroInheritsIn(Scope first, Scope... more) {
    zeroInherits = EnumSet.of(first, more);
    return this;
  }

  SettingRow<T> reload(Reload when) {
    reload = when;
    return this;
  }

  SettingRow<T> secret() {
    secret = true;
    return this;
  }

  SettingRow<T> notYetEffective() {
    effective = false;
    return this;
  }

  SettingRow<T> alias(String alias) {
    aliases = List.of(alias);
    return this;
  }

  SettingRow<T> fallsBackTo(Setting<T> setting) {
    fallback = setting;
    return this;
  }

  SettingRow<T> zeroMeans(String meaning) {
    zeroMeaning = meaning;
    return this;
  }

  SettingRow<T> doc(String text) {
    doc = text.strip().replaceAll("\\s*\\n\\s*", " ");
    return this;
  }

  Setting<T> row() {
    Setting<T> setting = new Setting<>(this);
    table.add(setting);
    return setting;
  }

  @Nullable T parseDefault() {
    if (defaultText == null) {
      return null;
    }
    Parsed<T> parsed = type.parse(requireNonNull(defaultText), Dialect.INI);
    if (parsed instanceof Parsed.Good<T> good) {
      return good.value();
    }
    throw new IllegalStateException("the default of " + name + " is refused by its own type");
  }
}
