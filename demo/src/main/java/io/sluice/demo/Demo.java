package io.sluice.demo;

import io.sluice.demo.wire.WireError;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the demonstration begins: {@code sluice demo [OPTION]...}. */
public final class Demo {
  private static final int OK = 0;
  private static final int FAILED = 1;

  private Demo() {}

  /** Shows Sluice at work; ends with 0, or 1 if it did not work as it should. */
  public static void main(String[] words) {
    System.exit(run(words));
  }

  private static int run(String... words) {
    DemoOptions options = new DemoOptions();
    CommandLine parser = new CommandLine(options);
    try {
      parser.parseArgs(words);
    } catch (ParameterException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
    if (options.isHelp) {
      parser.usage(System.out);
      return OK;
    }
    return options.complaint().isEmpty() ? show(options) : refuse(options.complaint());
  }

  private static int refuse(String sentence) {
    System.err.println("sluice demo: " + sentence);
    System.err.println("Try \"sluice demo --help\" for more information.");
    return FAILED;
  }

  /** Ctrl-C and SIGTERM run the hook, which takes everything down while the main thread waits. */
  private static int show(DemoOptions options) {
    Stage stage = new Stage();
    Runtime.getRuntime().addShutdownHook(new Thread(stage::close, "end of the demonstration"));
    try {
      return new Show(options, stage, Screen.ofThisProcess()).run() ? OK : FAILED;
    } catch (IOException | WireError e) {
      if (!stage.isClosed()) {
        System.err.println("\nsluice demo: " + e.getMessage());
      }
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } finally {
      stage.close();
    }
  }
}
