package io.sluice.proxy.lifecycle;

import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Setting;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.AccessFiles;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration and all that is in its files, or why it cannot be used. Made on any thread: the
 * file system may be slow.
 */
sealed interface Reading {
  /**
   * All of it can be used.
   *
   * @param files the users and the rules
   * @param plan TLS with the certificates
   */
  record Ready(ProxyConfig config, AccessFiles files, Tls.Plan plan) implements Reading {}

  /**
   * Something cannot be used; the log has it all.
   *
   * @param reason the first mistake, in a sentence
   */
  record Failed(String reason) implements Reading {}

  /** Reads the configuration anew, and its files. */
  static Reading load(ConfigSource source, Tls tls) {
    Result result = source.load();
    if (result instanceof Result.Refused refused) {
      refused.problems().forEach(Reading::report);
      log().warn("config file loading failed, nothing was changed");
      return new Failed("config file loading failed");
    }
    Result.Loaded loaded = (Result.Loaded) result;
    loaded.warnings().forEach(Reading::report);
    return of(loaded.config(), tls);
  }

  /** Changes a setting, and reads the files that there are then. */
  static Reading change(ProxyConfig config, Setting<?> setting, String text, Tls tls) {
    Parsed<ProxyConfig> changed = config.with(setting, text);
    return changed instanceof Parsed.Bad<ProxyConfig> bad
        ? new Failed(bad.sentence())
        : of(((Parsed.Good<ProxyConfig>) changed).value(), tls);
  }

  /** Reads the files of a configuration. */
  static Reading of(ProxyConfig config, Tls tls) {
    AccessFiles.Result read = AccessFiles.read(config);
    if (read instanceof AccessFiles.Refused refused) {
      refused.problems().forEach(problem -> log().error("{}", problem));
      log().warn("files of users and rules could not be used, nothing was changed");
      return new Failed(refused.problems().get(0));
    }
    try {
      return new Ready(config, ((AccessFiles.Loaded) read).files(), tls.plan(config));
    } catch (TlsFailure failure) {
      log().error("TLS setup failed: {}", failure.getMessage());
      return new Failed("TLS setup failed: " + failure.getMessage());
    }
  }

  /** What a mistake of ours leads to. */
  static Reading broken(RuntimeException bug) {
    log().error("reading the configuration failed", bug);
    return new Failed("reading the configuration failed");
  }

  private static void report(Problem problem) {
    if (problem.isError()) {
      log().error("{}", problem);
    } else {
      log().warn("{}", problem);
    }
  }

  private static Logger log() {
    return LoggerFactory.getLogger(Reading.class);
  }
}
