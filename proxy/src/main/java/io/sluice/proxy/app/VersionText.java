package io.sluice.proxy.app;

import io.sluice.proxy.Release;
import io.sluice.proxy.tls.TlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this program calls itself. */
final class VersionText {
  /** The release of PgBouncer that this one stands in for; tools parse it. */
  static final String PGBOUNCER = Release.PGBOUNCER;

  /**
   * Netty's own reader of these also parses the dates in them, which takes longer than all else.
   */
  private static final String NETTY_VERSIONS = "META-INF/io.netty.versions.properties";

  private static final Logger log = LoggerFactory.getLogger(VersionText.class);

  private VersionText() {}

  /** The answer to {@code --version}; the first line begins as PgBouncer's. */
  static String lines() {
    return """
        %s
        netty %s
        java %s (%s)
        adns: netty
        tls: %s
        """
        .formatted(
            name(), netty(), java(), System.getProperty("java.vm.name"), TlsProvider.describe());
  }

  /** The versions in one line, for the log. The TLS library is not loaded before it is needed. */
  static String line(String transport) {
    return "%s, netty %s (%s), java %s".formatted(name(), netty(), transport, java());
  }

  private static String name() {
    return "PgBouncer " + PGBOUNCER + " (Sluice " + sluice() + ")";
  }

  private static String sluice() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "in development" : version;
  }

  private static String netty() {
    Properties versions = new Properties();
    try {
      ClassLoader loader = VersionText.class.getClassLoader();
      for (URL file : Collections.list(loader.getResources(NETTY_VERSIONS))) {
        try (InputStream in = file.openStream()) {
          versions.load(in);
        }
      }
    } catch (IOException unreadable) {
      log.debug("cannot read {}", NETTY_VERSIONS, unreadable);
    }
    return versions.getProperty("netty-common.version", "unknown");
  }

  private static String java() {
    return Runtime.version().toString();
  }
}
