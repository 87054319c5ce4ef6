package io.sluice.config.load;

import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Scope;
import io.sluice.config.value.Origin;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes PgBouncer's ini dialect into a draft. Sections and keys may repeat; the last one wins. */
final class IniLoader implements IniParser.Sink {
  private final Draft draft;
  private @Nullable Scope scope;
  private boolean sectionSeen;

  private IniLoader(Draft draft) {
    this.draft = draft;
  }

  /** Takes a text and the files it includes. */
  static void load(Draft draft, String text, String file, @Nullable Path directory) {
    new IniParser(new IniLoader(draft), draft.problems()).parse(text, file, directory);
  }

  @Override
  public void section(String name, Origin origin) {
    sectionSeen = true;
    scope = Scope.find(name);
    if (scope == Scope.GLOBAL) {
      draft.mainSection();
    } else if (scope == null) {
      String hint =
          NearestName.hint(name, Arrays.stream(Scope.values()).map(Scope::section).toList());
      draft.report(Problem.error(origin, '[' + name + ']', null, "unknown section", hint));
    }
  }

  @Override
  public void item(String key, String value, Origin origin) {
    if (!sectionSeen) {
      draft.report(
          Problem.error(origin, key, null, "stands before any section", "start with [pgbouncer]"));
    } else if (scope == Scope.GLOBAL) {
      draft.setting(new Draft.Given(key, value, Dialect.INI, origin));
    } else if (scope != null) {
      String label = scope.section() + '.' + key;
      draft.entry(scope, key, EntryDraft.keys(draft, label, value, origin), origin);
    }
  }
}
