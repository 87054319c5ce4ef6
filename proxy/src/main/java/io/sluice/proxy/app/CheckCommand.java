package io.sluice.proxy.app;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.problem.Severity;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
      problems.addAll(MachineCheck.check(loaded.config()));
    }
    for (Problem problem : problems) {
      out.println((problem.isError() ? "error: " : "warning: ") + problem);
    }
    long errorCount = count(problems, Severity.ERROR);
    long warningCount = count(problems, Severity.WARNING);
    String verdict = errorCount > 0 ? "cannot be used" : "can be used";
    out.printf(
        "%s %s: %d errors, %d warnings%n",
        arguments.configFile(), verdict, errorCount, warningCount);
    return errorCount == 0;
  }

  private static long count(List<Problem> problems, Severity severity) {
    return problems.stream().filter(problem -> problem.severity() == severity).count();
  }
}
