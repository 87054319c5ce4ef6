package io.sluice.config.value;

import static java.util.Objects.requireNonNull;

import io.sluice.config.setting.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of settings, which of them were given, and where. The values of the whole process fall
 * back to the defaults of the table; those of a database, user or peer have no defaults, because
 * what is not given there is ruled elsewhere ({@link ProxyConfig#effective}). Immutable.
 */
public final class Values {
  private static final String HIDDEN = "****";
  private static final Values NONE = new Values(Map.of(), false);

  private final Map<Setting<?>, Given> given;
  private final boolean defaulting;

  private Values(Map<Setting<?>, Given> given, boolean defaulting) {
    this.given = given;
    this.defaulting = defaulting;
  }

  /** A value with the text and the place it came from. */
  private record Given(Object value, String text, Origin origin) {}

  /** Starts the values of the whole process, which fall back to the defaults. */
  public static Builder global() {
    return new Builder(true);
  }

  /** Starts the values of a database, user or peer, which have no defaults. */
  public static Builder scoped() {
    return new Builder(false);
  }

  /** Nothing given and no defaults. */
  public static Values none() {
    return NONE;
  }

  /** Collects values. Confined to one thread. */
  public static final class Builder {
    private final Map<Setting<?>, Given> given = new LinkedHashMap<>();
    private final boolean defaulting;

    private Builder(boolean defaulting) {
      this.defaulting = defaulting;
    }

    /**
     * Gives a value; a later one replaces an earlier one.
     *
     * @param text the value as it was written, which is what SHOW CONFIG shows for lists
     */
    public <T> Builder set(Setting<T> setting, T value, String text, Origin origin) {
      given.put(setting, new Given(requireNonNull(value, "value"), text, origin));
      return this;
    }

    /** Tells where a setting was given so far, or null. */
    public @Nullable Origin origin(Setting<?> setting) {
      Given found = given.get(setting);
      return found == null ? null : found.origin();
    }

    /** Finishes the values. */
    public Values build() {
      return new Values(new LinkedHashMap<>(given), defaulting);
    }
  }

  /**
   * Returns the value of a setting that has one: given, or by default.
   *
   * @throws IllegalStateException if there is neither
   */
  public <T> T get(Setting<T> setting) {
    T value = find(setting);
    if (value == null) {
      throw new IllegalStateException("no value of " + setting.name() + " here, and no default");
    }
    return value;
  }

  /** Returns the value of a setting, given or by default, or null if there is neither. */
  @SuppressWarnings("unchecked") // Builder.set keeps setting and value of one type
  public <T> @Nullable T find(Setting<T> setting) {
    Given found = given.get(setting);
    if (found != null) {
      return (T) found.value();
    }
    return defaulting ? setting.defaultValue() : null;
  }

  /** Says whether a value was given. */
  public boolean isSet(Setting<?> setting) {
    return given.containsKey(setting);
  }

  /** Tells where a value was given, or null if it was not. */
  public @Nullable Origin origin(Setting<?> setting) {
    Given found = given.get(setting);
    return found == null ? null : found.origin();
  }

  /** Lists the settings that were given, in the order of the files. */
  public Set<Setting<?>> settings() {
    return java.util.Collections.unmodifiableSet(given.keySet());
  }

  /**
   * Prints a value as SHOW CONFIG does; lists as they were written, secrets as {@code ****}.
   *
   * @return the text, or null where SHOW CONFIG has NULL
   */
  public @Nullable String print(Setting<?> setting) {
    Given found = given.get(setting);
    if (found != null && setting.isSecret()) {
      return HIDDEN;
    }
    if (found != null && found.value() instanceof java.util.List) {
      return found.text();
    }
    return printTyped(setting);
  }

  /** Says whether a setting has the same value in both. */
  public boolean same(Setting<?> setting, Values other) {
    return java.util.Objects.equals(find(setting), other.find(setting));
  }

  /** Starts a copy that can be changed. */
  public Builder copy() {
    Builder builder = new Builder(defaulting);
    builder.given.putAll(given);
    return builder;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Values values
        && values.defaulting == defaulting
        && values.plain().equals(plain());
  }

  @Override
  public int hashCode() {
    return plain().hashCode();
  }

  /** Lists what was given, without secrets. */
  @Override
  public String toString() {
    Map<String, @Nullable String> shown = new LinkedHashMap<>();
    given.keySet().forEach(setting -> shown.put(setting.name(), print(setting)));
    return shown.toString();
  }

  private <T> @Nullable String printTyped(Setting<T> setting) {
    T value = find(setting);
    return value == null ? null : setting.print(value);
  }

  private Map<Setting<?>, Object> plain() {
    Map<Setting<?>, Object> plain = new LinkedHashMap<>();
    given.forEach((setting, found) -> plain.put(setting, found.value()));
    return plain;
  }
}
