package io.sluice.it;

import static io.sluice.demo.wire.FrontendMessages.startup;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients behind a TCP proxy: rules, logs and SHOW go by where they are. */
@ExtendWith(PostgresExtension.class)
class ProxyProtocolIT {
  @TempDir private Path directory;

  @Test
  void rulesLogsAndShowGoByTheAddressOfTheHeader(EmbeddedPostgres postgres) throws Exception {
    TestDatabase database = TestDatabase.create(postgres);
    Path rules =
        Files.writeString(
            directory.resolve("hba"),
            "host all postgres 192.0.2.0/24 trust\nlocal all all trust\nhost all all all reject\n");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
    SluiceConfig config =
        SluiceConfig.before(postgres)
            .set("auth_type", "hba")
            .set("auth_hba_file", rules)
            .set("application_name_add_host", 1)
            .set("proxy_protocol_networks", "127.0.0.1");
    try (SluiceProcess sluice = SluiceProcess.start(config);
        WireClient good = connect(sluice, database, "192.0.2.7");
        WireClient bad = connect(sluice, database, "198.51.100.9");
        WireClient admin =
            WireClient.login(sluice.unix(), WireLogin.of(SluiceConfig.ADMIN, "pgbouncer"))) {
      assertThat(lastOf(bad.expectClosed()).fields().get('M')).isEqualTo("login rejected");
      good.readUntil('Z');

      assertThat(good.query("SHOW application_name").value()).isEqualTo("app - 192.0.2.7:4711");
      assertThat(admin.query("SHOW CLIENTS").column("addr")).contains("192.0.2.7");
      assertThat(admin.query("SHOW LOGINS").value("connections", "address", "192.0.2.7"))
          .isEqualTo("1");
      assertThat(sluice.log().await("@198.51.100.9:4711 login failed")).isNotEmpty();
    }
  }

  private static WireClient connect(SluiceProcess sluice, TestDatabase database, String address)
      throws IOException {
    WireClient client = WireClient.connect(sluice.tcp());
    client.send(
        ("PROXY TCP4 " + address + " 127.0.0.1 4711 6432\r\n").getBytes(StandardCharsets.US_ASCII));
    WireLogin login = WireLogin.of("postgres", database.name()).with("application_name", "app");
    client.send(startup(login.protocol(), login.parameters()));
    return client;
  }

  private static WireMessage lastOf(List<WireMessage> messages) {
    return messages.get(messages.size() - 1);
  }
}
