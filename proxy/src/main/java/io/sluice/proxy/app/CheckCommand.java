package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.problem.Severity;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Origin;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.Values;
import io.sluice.proxy.auth.AccessFiles;
import io.sluice.proxy.auth.hba.HbaRule;
import io.sluice.proxy.catalog.Credentials;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports everything that is wrong with a configuration, or will hurt, at once. */
final class CheckCommand {
  private CheckCommand() {}

  /**
   * Checks a configuration and prints what there is to say, a line each.
   *
   * @return whether the configuration can be used
   */
  static boolean run(Arguments.Check arguments, Map<String, String> environment, PrintStream out) {
    List<Problem> problems = new ArrayList<>();
    Result result = ConfigLoader.load(arguments.configFile(), environment);
    if (result instanceof Result.Refused refused) {
      problems.addAll(refused.problems());
    } else if (result instanceof Result.Loaded loaded) {
      problems.addAll(loaded.warnings());
      AccessFiles files = files(loaded.config(), problems);
      Map<String, Credentials> secrets = files == null ? Map.of() : files.secrets();
      List<HbaRule> rules = files == null ? List.of() : files.rules().all();
      problems.addAll(MachineCheck.check(loaded.config(), secrets.size(), rules));
      if (arguments.mayConnect()) {
        problems.addAll(new RoomCheck(loaded.config(), secrets).run());
      }
    }
    for (Problem problem : problems) {
      out.println((problem.isError() ? "error: " : "warning: ") + problem);
    }
    long errorCount = count(problems, Severity.ERROR);
    long warningCount = count(problems, Severity.WARNING);
    String verdict = errorCount > 0 ? "cannot be used" : "can be used";
    out.printf(
        "%s %s: %s, %s%n",
        arguments.configFile(),
        verdict,
        counted(errorCount, "error"),
        counted(warningCount, "warning"));
    return errorCount == 0;
  }

  /** Reads the user list and the rules; what would stop the start is an error here. */
  private static @Nullable AccessFiles files(ProxyConfig config, List<Problem> problems) {
    AccessFiles.Result read = AccessFiles.read(config);
    if (read instanceof AccessFiles.Loaded loaded) {
      return loaded.files();
    }
    for (String sentence : ((AccessFiles.Refused) read).problems()) {
      problems.add(problem(config, concerned(config.values(), sentence), sentence));
    }
    return null;
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** The setting that names the file in which the mistake is. */
  private static Setting<?> concerned(Values values, String sentence) {
    for (Setting<String> setting :
        List.of(Settings.AUTH_FILE, Settings.AUTH_HBA_FILE, Settings.AUTH_IDENT_FILE)) {
      String file = values.find(setting);
      if (file != null && !file.isEmpty() && sentence.startsWith(file + ":")) {
        return setting;
      }
    }
    return Settings.AUTH_TYPE;
  }

  private static Problem problem(ProxyConfig config, Setting<?> setting, String sentence) {
    Origin place = config.origin(config.values(), setting);
    return Problem.error(place, setting.name(), null, sentence, null);
  }

  private static long count(List<Problem> problems, Severity severity) {
    return problems.stream().filter(problem -> problem.severity() == severity).count();
  }
}
