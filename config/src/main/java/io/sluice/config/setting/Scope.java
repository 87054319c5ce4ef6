package io.sluice.config.setting;

import org.jspecify.annotations.Nullable;

/** Where a setting may be given. */
public enum Scope {
  /** The section {@code pgbouncer}: the whole process. */
  GLOBAL("pgbouncer"),
  /** An entry of {@code databases}. */
  DATABASE("databases"),
  /** An entry of {@code users}. */
  USER("users"),
  /** An entry of {@code peers}. */
  PEER("peers");

  private final String section;

  Scope(String section) {
    this.section = section;
  }

  /** Names the section of the files. */
  public String section() {
    return section;
  }

  /** Finds the scope of a section; names are case-sensitive as in PgBouncer. */
  public static @Nullable Scope find(String section) {
    for (Scope scope : values()) {
      if (scope.section.equals(section)) {
        return scope;
      }
    }
    return null;
  }
}
