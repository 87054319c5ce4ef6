package io.sluice.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.problem.Problem;
import io.sluice.config.value.ProxyConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigCheckTest {
  private static final String QUIET = "[databases]\na =\n[pgbouncer]\nauth_file = users.txt\n";

  @Test
  void findsNothingInAnOrdinaryConfiguration() {
    assertThat(found(QUIET)).isEmpty();
  }

  @Test
  void refusesToListenNowhere() {
    assertThat(refused(QUIET + "unix_socket_dir =\n"))
        .containsExactly(
            "text:5: unix_socket_dir = : there is nowhere to listen, since listen_addr is empty too"
                + " (for example listen_addr = 127.0.0.1)");
    assertThat(found(QUIET + "unix_socket_dir =\nlisten_addr = *\n")).isEmpty();
  }

  @Test
  void refusesASocketPathThatTheSystemCanNotHold() {
    String directory = "/" + "d".repeat(92);

    assertThat(found(QUIET + "unix_socket_dir = " + directory + "\n")).isEmpty();
    assertThat(refused(QUIET + "unix_socket_dir = " + directory + "d\n"))
        .hasSize(1)
        .allMatch(text -> text.contains("the path of the socket has 108 bytes"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust", "plain", "md5", "scram-sha-256"})
  void warnsIfNobodyCanLogIn(String type) {
    assertThat(found("[databases]\na =\n[pgbouncer]\nauth_type = " + type + "\n"))
        .containsExactly(
            "text:4: auth_type = "
                + type
                + ": knows no users without auth_file, so nobody can log in"
                + " (name a file with \"user\" \"password\" lines)");
  }

  @Test
  void wantsAUserInEveryDatabaseForAuthTypeAny() {
    assertThat(
            found(
                """
                [pgbouncer]
                auth_type = any
                [databases]
                a = user=u
                b = host=x
                """))
        .containsExactly(
            "text:5: databases.b: auth_type any takes no user from the client, so nobody can log in"
                + " (add user=NAME)");
  }

  @Test
  void warnsOfAPasswordWithoutUserAndHidesIt() {
    assertThat(found(QUIET + "[databases]\na = password=hunter2\n"))
        .contains(
            "text:6: databases.a.password = ****: the password is not used without user="
                + " (clients log in to PostgreSQL with their own)");
  }

  @Test
  void warnsIfThereIsNoDatabase() {
    assertThat(found("[pgbouncer]\nauth_file = users.txt\n"))
        .containsExactly(
            "configuration: databases: there is none, so only the console can be reached");
  }

  @Test
  void warnsOfAnUnknownFacilityAndAnUnusableConsole() {
    assertThat(found(QUIET + "syslog_facility = mail\ndisable_pqexec = 1\n"))
        .containsExactly(
            "text:6: disable_pqexec = 1: psql can not use the console while it is on",
            "text:5: syslog_facility = mail: unknown facility, daemon is used"
                + " (auth, authpriv, daemon, user or local0 to local7)");
  }

  @Test
  void refusesTheConsoleAsDatabaseOfAuthQuery() {
    assertThat(refused(QUIET + "auth_dbname = pgbouncer\n[databases]\nb = auth_dbname=pgbouncer\n"))
        .contains(
            "text:5: auth_dbname = pgbouncer: auth_query can not run in the console",
            "text:7: databases.b.auth_dbname = pgbouncer: auth_query can not run in the console");
  }

  @Test
  void comparesTheSizesOfPoolsWithTheirLimits() {
    assertThat(
            found(
                """
                [pgbouncer]
                auth_file = users.txt
                default_pool_size = 10
                min_pool_size = 11
                reserve_pool_size = 5
                reserve_pool_timeout = 0
                [databases]
                fits = pool_size=20 max_db_connections=25
                tight = pool_size=20 max_db_connections=24
                small = max_db_connections=9 min_pool_size=0
                endless = pool_size=0 min_pool_size=1
                least = pool_size=50 min_pool_size=40 max_db_connections=30
                """))
        .containsExactly(
            "text:5: reserve_pool_size = 5: the reserve is never used while reserve_pool_timeout"
                + " is 0 (set reserve_pool_timeout to the seconds a client may wait before)",
            "text:4: min_pool_size = 11: is larger than the pool, which has 10",
            "text:9: databases.tight: reserve_pool_size can not be used whole: with a pool of 20 it"
                + " passes max_db_connections, 24",
            "text:10: databases.small: default_pool_size can not be reached, max_db_connections is"
                + " 9",
            "text:11: databases.endless.min_pool_size = 1: has no effect on a pool of unlimited"
                + " size",
            "text:12: databases.least.pool_size = 50: can not be reached, max_db_connections is 30",
            "text:12: databases.least.min_pool_size = 40: is larger than max_db_connections, 30");
  }

  @Test
  void saysPlainlyWhatIsNotYetEffective() {
    assertThat(
            found(
                """
                [databases]
                a = auth_user=x
                [pgbouncer]
                auth_type = hba
                auth_hba_file = hba.conf
                auth_ldap_options = ldapserver=x
                server_tls_sslmode = verify-full
                server_tls_protocols = secure
                dns_zone_check_period = 5
                """))
        .containsExactly(
            "text:9: dns_zone_check_period = 5: not yet effective (this version accepts it and does"
                + " nothing)");
  }

  @Test
  void wantsTlsSettingsThatCanWorkTogether() {
    assertThat(
            refused(
                """
                [databases]
                a = host=x
                [pgbouncer]
                auth_type = trust
                auth_file = users.txt
                client_tls_sslmode = verify-full
                client_tls_key_file = key.pem
                client_tls_dheparams = legacy
                client_tls_protocols = tlsv1.2, tlsv1.9
                server_tls_protocols = !all
                server_tls_cert_file = cert.pem
                """))
        .containsExactly(
            "text:6: client_tls_sslmode = verify-full: needs client_tls_key_file and"
                + " client_tls_cert_file (name both files, or set disable)",
            "text:6: client_tls_sslmode = verify-full: needs client_tls_ca_file, with those who"
                + " sign the certificates of clients",
            "text:8: client_tls_dheparams = legacy: not one of the known words (auto or none)",
            "text:9: client_tls_protocols = tlsv1.2, tlsv1.9: unknown version of TLS: tlsv1.9"
                + " (tlsv1.0 to tlsv1.3, all or secure, between commas)",
            "text:10: server_tls_protocols = !all: no version of TLS is left: !all (tlsv1.0 to"
                + " tlsv1.3, all or secure, between commas)",
            "text:11: server_tls_cert_file = cert.pem: has no meaning alone: server_tls_key_file"
                + " and server_tls_cert_file belong together");
  }

  @Test
  void warnsOfClientsWhomAnyPublicAuthorityVouchesFor() {
    String tls =
        QUIET
            + "client_tls_sslmode = verify-ca\n"
            + "client_tls_key_file = key.pem\nclient_tls_cert_file = cert.pem\n";
    assertThat(found(tls))
        .containsExactly(
            "text:5: client_tls_sslmode = verify-ca: without client_tls_ca_file, a certificate of"
                + " any public authority is enough, and proves to no rule who a client is (name"
                + " those who sign the certificates of clients in client_tls_ca_file)");
    assertThat(found(tls + "client_tls_ca_file = ca.pem\n")).isEmpty();
  }

  @Test
  void warnsOfAnEarlyLoginOutsideOfSessionMode() {
    String early = "session_login = early";
    String text = "acts in session mode only, pool_mode is transaction";
    String transaction = QUIET + "pool_mode = transaction\n";

    assertThat(found(QUIET + early)).isEmpty();
    assertThat(found(transaction + early))
        .hasSize(1)
        .allMatch(found -> found.startsWith("text:6: " + early + ": " + text));
    assertThat(found(transaction + "[databases]\nb = session_login=early\n"))
        .hasSize(1)
        .allMatch(found -> found.startsWith("text:7: databases.b." + early + ": " + text));
    assertThat(found(transaction + early + "\n[databases]\nb = pool_mode=session\n")).isEmpty();
    assertThat(found(transaction + early + "\n[users]\nu = pool_mode=session\n")).isEmpty();
  }

  @Test
  void findsNothingIllegalInTheDefaults() {
    assertThat(ConfigCheck.check(ProxyConfig.defaults())).noneMatch(Problem::isError);
  }

  private static List<String> found(String text) {
    Result result = ConfigLoader.parseText(text);
    assertThat(result).isInstanceOf(Result.Loaded.class);
    ProxyConfig config = ((Result.Loaded) result).config();
    return ConfigCheck.check(config).stream().map(Problem::toString).toList();
  }

  private static List<String> refused(String text) {
    Result result = ConfigLoader.parseText(text);
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused) result)
        .problems().stream().filter(Problem::isError).map(Problem::toString).toList();
  }
}
