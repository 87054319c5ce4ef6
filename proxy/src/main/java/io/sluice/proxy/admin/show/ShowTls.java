package io.sluice.proxy.admin.show;

import io.sluice.config.value.Values;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsProvider;
import io.sluice.proxy.tls.TlsRole;
import io.sluice.proxy.tls.TlsSettings;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHOW TLS: what connections are encrypted with, the one for clients first, then one row for each
 * set of settings that servers are connected to with. Days are whole ones until the certificate
 * expires, below zero when it has.
 */
public final class ShowTls implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("side", "sslmode", "library", "cert_file", "subject", "issuer", "not_after")
          .andInt4("days_left", "databases")
          .andText("loaded_at", "last_error")
          .list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    Tls tls = view.pools().tls();
    for (TlsContext context : tls.current().contexts()) {
      table.row(row(context, tls.failureOf(context), view));
    }
  }

  private static @Nullable Object[] row(
      TlsContext context, @Nullable String failure, ProxyView view) {
    X509Certificate certificate = context.certificate();
    TlsProvider provider = context.provider();
    return new @Nullable Object[] {
      context.role().word(),
      context.settings().mode().word(),
      provider == null ? null : provider.library(),
      context.settings().certFile(),
      certificate == null ? null : certificate.getSubjectX500Principal().getName(),
      certificate == null ? null : certificate.getIssuerX500Principal().getName(),
      certificate == null
          ? null
          : Times.point(certificate.getNotAfter().toInstant().toEpochMilli()),
      certificate == null ? null : context.daysLeft(System.currentTimeMillis()),
      context.role() == TlsRole.CLIENTS ? null : databases(context, view),
      Times.point(context.loadedMs()),
      failure
    };
  }

  /** How many databases are connected to with a context. */
  private static int databases(TlsContext context, ProxyView view) {
    Values global = view.values();
    int count = 0;
    for (Database database : view.databases()) {
      TlsSettings settings = TlsSettings.forServers(global, database.config().values());
      if (settings.equals(context.settings())) {
        count++;
      }
    }
    return count;
  }
}
