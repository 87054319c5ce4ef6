package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import io.sluice.demo.process.CommandResult;
import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireClient;
import io.sluice.demo.wire.WireError;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of an HBA file, compared with PostgreSQL on the same file. */
class HbaIT {
  private static final List<String> DATABASES = List.of("hba_one", "hba_two", "hba_alice", "all");
  private static final List<String> USERS = List.of("hba_alice", "hba_bob", "svc_1", "svc_x");

  /** Nothing but trust and reject, so that the rule alone decides. */
  private static final String RULES =
      """
      # TYPE  DATABASE  USER  ADDRESS  METHOD
      local   all       all            trust
      host    "all"     hba_bob  127.0.0.1/32  reject
      host    sameuser  all   127.0.0.1 255.255.255.255 trust
      host    hba_one   /^svc_[0-9]+$  127.0.0.0/8  trust
      host    "hba_two",hba_one \\
              @people   samehost   trust
      host    hba_two   all   10.0.0.0/8     trust
      host    hba_two   all   localhost     reject
      host    "all"     svc_x ::1/128  trust
      host    /^a       "svc_1" samenet trust
      hostssl all       all   0.0.0.0/0  reject
      hostgssenc all    all   0.0.0.0/0  trust
      """;

  private static EmbeddedPostgres postgres;

  @TempDir private static Path directory;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = EmbeddedPostgres.start(PostgresOptions.DEFAULT);
    for (String user : USERS) {
      postgres.createRole(user);
    }
    for (String database : DATABASES) {
      postgres.createDatabase(database);
    }
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @AfterEach
  void admitEverybody() throws Exception {
    postgres.admit("local all all trust", "host all all 127.0.0.1/32 trust");
  }

  private static SluiceConfig config(Path rules) {
    SluiceConfig config =
        SluiceConfig.before(postgres).set("auth_type", "hba").set("auth_hba_file", rules);
    USERS.forEach(user -> config.password(user, "secret"));
    return config;
  }

  private static Path write(String name, String text) throws Exception {
    // Another user reads it.
    directory.toFile().setExecutable(true, false);
    directory.toFile().setReadable(true, false);
    return Files.writeString(directory.resolve(name), text);
  }

  private static String outcome(WireAddress address, String user, String database)
      throws Exception {
    try {
      WireClient.login(address, WireLogin.of(user, database).password("secret")).close();
      return "in";
    } catch (WireError refused) {
      return "out";
    }
  }

  private static String refusal(SluiceProcess sluice, WireLogin login) throws Exception {
    try {
      WireClient.login(sluice.tcp(), login).close();
      return "";
    } catch (WireError e) {
      return e.text();
    }
  }

  private static List<String> rows(WireResult result, String... columns) {
    List<String> rows = new ArrayList<>();
    int count = result.column(columns[0]).size();
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>();
      for (String column : columns) {
        row.add(String.valueOf(result.column(column).get(i)).replace("\"", ""));
      }
      rows.add(String.join(" ", row));
    }
    return rows;
  }

  @Test
  void readsAndDecidesAsPostgresDoes() throws Exception {
    write("people", "hba_alice # and nobody else\n");
    Path rules = write("hba.conf", "include_if_exists nothing\n" + RULES);
    Path own =
        Path.of(String.valueOf(postgres.query("SHOW hba_file").value())).resolveSibling("people");
    Files.writeString(own, "hba_alice # and nobody else\n");
    Path lines = own.resolveSibling("sluice_hba.conf");
    Files.writeString(lines, RULES);
    postgres.admit("include sluice_hba.conf", "host all all 127.0.0.1/32 reject");

    try (SluiceProcess sluice = SluiceProcess.start(config(rules))) {
      List<String> expected = new ArrayList<>();
      List<String> decided = new ArrayList<>();
      for (String user : USERS) {
        for (String database : DATABASES) {
          String who = user + " on " + database + ": ";
          expected.add(who + outcome(postgres.tcp(), user, database));
          decided.add(who + outcome(sluice.tcp(), user, database));
        }
      }
      assertThat(decided).containsExactlyElementsOf(expected);
      assertThat(decided.toString()).contains(": in").contains(": out");

      WireResult theirs =
          postgres.query(
              """
              SELECT type, array_to_string(database, ',') AS database,
                     array_to_string(user_name, ',') AS user_name, address, netmask, auth_method
              FROM pg_hba_file_rules WHERE file_name LIKE '%sluice_hba.conf'
              ORDER BY rule_number""");
      try (WireClient console =
          WireClient.login(sluice.unix(), WireLogin.of("admin", "pgbouncer"))) {
        String[] columns = {"type", "database", "user_name", "address", "netmask", "auth_method"};
        assertThat(rows(console.query("SHOW HBA"), columns))
            .containsExactlyElementsOf(rows(theirs, columns));
      }
    }
  }

  @Test
  void asksEachLoginForWhatItsRuleSays() throws Exception {
    Path rules =
        write(
            "methods.conf",
            """
            host hba_one hba_alice all scram-sha-256
            host hba_one hba_bob all md5
            host hba_two hba_alice all password
            host hba_two hba_bob all reject
            local pgbouncer all trust
            """);
    try (SluiceProcess sluice = SluiceProcess.start(config(rules))) {
      assertThat(asked(sluice, "hba_alice", "hba_one")).isEqualTo(10);
      assertThat(asked(sluice, "hba_bob", "hba_one")).isEqualTo(5);
      assertThat(asked(sluice, "hba_alice", "hba_two")).isEqualTo(3);
      assertThat(refusal(sluice, WireLogin.of("hba_bob", "hba_two"))).isEqualTo("login rejected");
      assertThat(refusal(sluice, WireLogin.of("svc_1", "hba_two")))
          .isEqualTo("no authentication method is found");
      sluice.log().await("methods.conf:4");
    }
  }

  private static int asked(SluiceProcess sluice, String user, String database) throws Exception {
    try (WireClient client = WireClient.connect(sluice.tcp())) {
      return client.login(WireLogin.of(user, database).password("secret")).get(0).int32(0);
    }
  }

  @Test
  void letsTheOwnerOfTheSocketsOtherEndIn() throws Exception {
    String me = System.getProperty("user.name");
    Path maps =
        write("ident.conf", "staff nobody hba_alice\nstaff /^(" + me + ")$ hba_alice # \\1\n");
    Path rules =
        write(
            "peer.conf",
            """
            local pgbouncer all trust
            local hba_one all peer map=staff
            local all all peer
            """);
    SluiceConfig config = config(rules).set("auth_ident_file", maps).password(me, "");
    postgres.createRole(me);
    try (SluiceProcess sluice = SluiceProcess.start(config)) {
      assertThat(outcome(sluice.unix(), me, "hba_two")).isEqualTo("in");
      assertThatThrownBy(
              () -> WireClient.login(sluice.unix(), WireLogin.of("hba_alice", "hba_two")))
          .isInstanceOf(WireError.class)
          .hasMessage("FATAL: unix socket login rejected (08P01)");
      sluice.log().await("the peer is " + me);
      String psql = "host=%s port=%d user=hba_alice dbname=hba_one";
      CommandResult mapped =
          sluice.runAsSameUser(
              List.of(
                  "psql",
                  "-XAtc",
                  "SELECT current_user",
                  psql.formatted(sluice.directory(), sluice.port())));
      assertThat(mapped.output().strip()).isEqualTo("hba_alice");
    }
  }

  @Test
  void keepsTheOldRulesWhenTheNewOnesAreBroken() throws Exception {
    Path rules = write("kept.conf", "local all all trust\nhost all hba_alice all trust\n");
    try (SluiceProcess sluice = SluiceProcess.start(config(rules))) {
      assertThat(outcome(sluice.tcp(), "hba_alice", "hba_one")).isEqualTo("in");
      write(
          "kept.conf", "local all all trust\nhost all all all trust\nhost all all al1 reject x\n");
      try (WireClient console =
          WireClient.login(sluice.unix(), WireLogin.of("admin", "pgbouncer"))) {
        assertThatThrownBy(() -> console.query("RELOAD")).hasMessageContaining("RELOAD failed");
        sluice.log().await("kept.conf:3: authentication option not in name=value format: x");
        assertThat(outcome(sluice.tcp(), "hba_bob", "hba_one")).isEqualTo("out");
        assertThat(console.query("SHOW HBA").column("line_number")).hasSize(2);

        write("kept.conf", "local all all trust\nhost all hba_bob all trust\n");
        console.query("RELOAD");
        assertThat(outcome(sluice.tcp(), "hba_bob", "hba_one")).isEqualTo("in");
        assertThat(outcome(sluice.tcp(), "hba_alice", "hba_one")).isEqualTo("out");
      }
    }
  }
}
