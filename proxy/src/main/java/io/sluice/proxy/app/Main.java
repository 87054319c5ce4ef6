package io.sluice.proxy.app;

import io.sluice.proxy.logging.Logging;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the process begins: {@code sluice [OPTION]... CONFIG_FILE}. */
public final class Main {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final Startup.ServiceFactory FACTORY = Wiring::service;

  private Main() {}

  /** Does what the command line asks for; ends with 0, or 1 if that could not be. */
  public static void main(String[] words) {
    System.exit(run(Arguments.parse(words)));
  }

  private static int run(Arguments arguments) {
    if (arguments instanceof Arguments.Run run) {
      return serve(run);
    }
    if (arguments instanceof Arguments.Check check) {
      return CheckCommand.run(check, System.getenv(), System.out) ? OK : FAILED;
    }
    if (arguments instanceof Arguments.Rehearse) {
      return rehearse();
    }
    if (arguments instanceof Arguments.CheckLogin check) {
      return LoginCheck.run(check, System.getenv(), System.out) ? OK : FAILED;
    }
    if (arguments instanceof Arguments.Wrong wrong) {
      System.err.println("sluice: " + wrong.sentence());
      System.err.println("Try \"sluice --help\" for more information.");
      return FAILED;
    }
    boolean isVersion = arguments instanceof Arguments.Version;
    System.out.print(isVersion ? VersionText.lines() : Arguments.USAGE);
    return OK;
  }

  private static int rehearse() {
    try {
      Rehearsal.run(FACTORY);
      return OK;
    } catch (IOException | InterruptedException e) {
      System.err.println("sluice: rehearsal failed: " + e);
      return FAILED;
    }
  }

  private static int serve(Arguments.Run arguments) {
    Logger log = LoggerFactory.getLogger(Main.class);
    Launch launch = Launch.of(System.getProperties());
    try {
      new Startup(arguments, launch, System.getenv(), FACTORY).run();
      return OK;
    } catch (StartFailure e) {
      log.error(Logging.FATAL, e.getMessage());
    } catch (InterruptedException | RuntimeException | LinkageError e) {
      // The root of the main thread: without this, other threads would keep a broken process alive.
      log.error(Logging.FATAL, "unexpected end", e);
    }
    return FAILED;
  }
}
