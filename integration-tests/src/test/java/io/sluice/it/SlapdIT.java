package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.process.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins whose password a real directory checks: OpenLDAP's slapd. */
class SlapdIT {
  @TempDir static Path directory;

  private static Slapd slapd;
  private static EmbeddedPostgres postgres;
  private static SluiceProcess sluice;

  @BeforeAll
  static void start() throws Exception {
    slapd = Slapd.start();
    postgres = EmbeddedPostgres.start(PostgresOptions.DEFAULT);
    postgres.createRole("alice");
    String at = "host=127.0.0.1 dbname=postgres port=" + postgres.port();
    sluice =
        SluiceProcess.start(
            SluiceConfig.before(postgres)
                .database("searched", at)
                .database("bound", at)
                .database("encrypted", at)
                .database("closed", at)
                .set("auth_type", "hba")
                .set("auth_hba_file", rules()));
  }

  private static Path rules() throws Exception {
    String server = "ldapserver=127.0.0.1 ldapport=" + slapd.port();
    String search =
        " ldapbasedn=\"dc=example\" ldapbinddn=\"cn=reader,dc=example\" ldapbindpasswd=";
    Path file = Files.createTempFile("sluice-it-", ".hba");
    Files.writeString(
        file,
        String.join(
            "\n",
            "host searched all all ldap " + server + search + "reader",
            "host closed all all ldap " + server + search + "wrong",
            "host encrypted all all ldap ldaptls=1 " + server + search + "reader",
            "host bound all all ldap "
                + server
                + " ldapprefix=\"uid=\" ldapsuffix=\",ou=people,dc=example\"",
            "host all all all trust",
            ""));
    assertThat(file.toFile().setReadable(true, false)).isTrue();
    return file;
  }

  @AfterAll
  static void stop() throws Exception {
    sluice.close();
    postgres.close();
    slapd.close();
  }

  private static CommandResult login(String database, String user, String password)
      throws Exception {
    return new Psql("127.0.0.1", sluice.port(), user, password)
        .run(database, "SELECT 'in as ' || current_user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"searched", "bound"})
  void letsInWhomTheDirectoryKnows(String database) throws Exception {
    assertThat(login(database, "alice", "secret").output()).contains("in as alice");
  }

  @ParameterizedTest
  @CsvSource({
    "searched, alice, wrong",
    "searched, bob, secret",
    "searched, *, secret",
    "searched, alice)(uid=*, secret",
    "searched, twin, secret",
    "bound, alice, wrong",
    "bound, bob, secret",
    "bound, 'alice,ou=people', secret",
    "closed, alice, secret"
  })
  void turnsEverybodyElseAway(String database, String user, String password) throws Exception {
    CommandResult result = login(database, user, password);
    assertThat(result.isSuccess()).isFalse();
    assertThat(result.output()).contains("FATAL:  LDAP authentication failed");
  }

  @Test
  void asksNoDirectoryWhoseCertificateItDoesNotTrust() throws Exception {
    assertThat(login("encrypted", "alice", "secret").output())
        .contains("FATAL:  LDAP authentication failed");
  }
}
