package io.sluice.proxy.app;

import io.netty.util.Version;
import io.sluice.proxy.Release;
import io.sluice.proxy.tls.TlsProvider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this program calls itself. */
final class VersionText {
  /** The release of PgBouncer that this one stands in for; tools parse it. */
  static final String PGBOUNCER = Release.PGBOUNCER;

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

  /** The versions in one line, for the log. */
  static String line(String transport) {
    return "%s, netty %s (%s), java %s, tls: %s"
        .formatted(name(), netty(), transport, java(), TlsProvider.describe());
  }

  private static String name() {
    return "PgBouncer " + PGBOUNCER + " (Sluice " + sluice() + ")";
  }

  private static String sluice() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "in development" : version;
  }

  private static String netty() {
    Map<String, Version> parts = Version.identify();
    @Nullable Version common = parts.get("netty-common");
    return common == null ? "unknown" : common.artifactVersion();
  }

  private static String java() {
    return Runtime.version().toString();
  }
}
