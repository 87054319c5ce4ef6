package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.OpenSsl;
import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.Values;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TlsSettingsTest {
  private static ProxyConfig config(String text) {
    return ((Result.Loaded) ConfigLoader.parseText("[pgbouncer]\n" + text)).config();
  }

  @Test
  void prefersWhatADatabaseGives() {
    ProxyConfig config =
        config(
            """
            [databases]
            a = host=h server_tls_sslmode=verify-full server_tls_sslnegotiation=direct
            b = host=h server_tls_ca_file=own.crt
            [pgbouncer]
            server_tls_sslmode = require
            server_tls_ca_file = ca.crt
            """);
    TlsSettings a = of(config, "a");
    assertThat(a.mode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(a.caFile()).isEqualTo("ca.crt");
    assertThat(a.isDirect()).isTrue();
    TlsSettings b = of(config, "b");
    assertThat(b.mode()).isEqualTo(SslMode.REQUIRE);
    assertThat(b.caFile()).isEqualTo("own.crt");
    assertThat(b.isDirect()).isFalse();
  }

  private static TlsSettings of(ProxyConfig config, String database) {
    Values own = Objects.requireNonNull(config.database(database)).values();
    return TlsSettings.forServers(config.values(), own);
  }

  @Test
  void sharesAContextBetweenDatabasesWithTheSameSettings() throws Exception {
    ProxyConfig config =
        config(
            """
            [databases]
            a = host=h server_tls_sslmode=require
            b = host=h server_tls_sslmode=require
            c = host=h server_tls_sslmode=disable
            d = host=h
            * = host=h server_tls_protocols=tlsv1.2
            """);
    Tls tls = new Tls();
    tls.follow(tls.plan(config));

    assertThat(tls.current().contexts()).hasSize(3);
    assertThat(tls.servers(of(config, "a"))).isSameAs(tls.servers(of(config, "b"))).isNotNull();
    assertThat(tls.servers(of(config, "c"))).isNull();
    assertThat(tls.servers(of(config, "d"))).isNotSameAs(tls.servers(of(config, "z")));
  }

  /** A mistake of ours must not end in plain text. */
  @Test
  void failsForSettingsThatItDoesNotKnow() {
    ProxyConfig config = config("[databases]\na = host=h server_tls_sslmode=require\n");
    assertThatThrownBy(() -> new Tls().servers(of(config, "a")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takesTheJdksTlsOnlyWhereItMust() {
    ProxyConfig config =
        config("[databases]\na = host=h server_tls13_ciphers=TLS_AES_128_GCM_SHA256\nb = host=h\n");
    assertThat(TlsProvider.of(of(config, "a"))).isEqualTo(TlsProvider.JDK);
    TlsProvider usual = OpenSsl.isAvailable() ? TlsProvider.OPENSSL : TlsProvider.JDK;
    assertThat(TlsProvider.of(of(config, "b"))).isEqualTo(usual);
  }
}
