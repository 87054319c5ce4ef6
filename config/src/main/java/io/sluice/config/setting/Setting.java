package io.sluice.config.setting;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table: everything that loaders, console, checks and papers need to know about a
 * setting. Immutable; two rows are equal only if they are the same row.
 *
 * @param <T> type of the values
 */
public final class Setting<T> {
  private final String name;
  private final SettingType<T> type;
  private final @Nullable String defaultText;
  private final @Nullable T defaultValue;
  private final Set<Scope> scopes;
  private final Set<Scope> zeroInherits;
  private final Reload reload;
  private final boolean secret;
  private final boolean effective;
  private final List<String> aliases;
  private final @Nullable Setting<T> fallback;
  private final @Nullable String zeroMeaning;
  private final String doc;

  Setting(SettingRow<T> row) {
    name = row.name;
    type = row.type;
    defaultText = row.defaultText;
    defaultValue = row.parseDefault();
    scopes = Set.copyOf(row.scopes);
    zeroInherits = Set.copyOf(row.zeroInherits);
    reload = row.reload;
    secret = row.secret;
    effective = row.effective;
    aliases = List.copyOf(row.aliases);
    fallback = row.fallback;
    zeroMeaning = row.zeroMeaning;
    doc = row.doc;
  }

  /** The name in all files, on the console and in SHOW CONFIG. */
  public String name() {
    return name;
  }

  /** The type of the values. */
  public SettingType<T> type() {
    return type;
  }

  /** The default as PgBouncer writes it, or null if the setting has none. */
  public @Nullable String defaultText() {
    return defaultText;
  }

  /** The default, or null if the setting has none. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Where the setting may be given. */
  public Set<Scope> scopes() {
    return scopes;
  }

  /** When a change acts. */
  public Reload reload() {
    return reload;
  }

  /** Says whether the value must never be shown. */
  public boolean isSecret() {
    return secret;
  }

  /** Says whether the setting does something in this version; otherwise it is only accepted. */
  public boolean isEffective() {
    return effective;
  }

  /** Other names under which the files may give it. */
  public List<String> aliases() {
    return aliases;
  }

  /** The setting of the whole process that rules where this one is not given, if not itself. */
  public @Nullable Setting<T> fallback() {
    return fallback;
  }

  /** What zero means if it is special, such as {@code never}; null if it is an ordinary number. */
  public @Nullable String zeroMeaning() {
    return zeroMeaning;
  }

  /** What the setting does: one to three sentences, the first of which stands alone. */
  public String doc() {
    return doc;
  }

  /** Returns the first sentence of {@link #doc()}. */
  public String summary() {
    int end = doc.indexOf(". ");
    return end < 0 ? doc : doc.substring(0, end + 1);
  }

  /**
   * Parses a text. A good value is within the bounds of the setting.
   *
   * @param text without surrounding blanks
   */
  public Parsed<T> parse(String text, Dialect dialect) {
    return type.parse(requireNonNull(text, "text"), requireNonNull(dialect, "dialect"));
  }

  /** Prints a value as PgBouncer's SHOW CONFIG does. */
  public String print(T value) {
    return type.print(requireNonNull(value, "value"));
  }

  /**
   * Says whether this text in an entry of a database, user or peer means the same as leaving it
   * out: any negative number, and zero where zero can not be set per entry.
   */
  public boolean inherits(String text, Scope scope, Dialect dialect) {
    boolean inheritable = scopes.contains(Scope.GLOBAL) || fallback != null;
    if (scope == Scope.GLOBAL || !inheritable || !type.isNumeric()) {
      return false;
    }
    if (text.startsWith("-")) {
      return parse(text.substring(1), dialect) instanceof Parsed.Good;
    }
    return zeroInherits.contains(scope)
        && parse(text, dialect) instanceof Parsed.Good<T> good
        && print(good.value()).equals("0");
  }

  @Override
  public String toString() {
    return name;
  }
}
