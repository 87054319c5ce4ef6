package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  @TempDir Path dir;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void reportsEveryProblemAtOnceWithItsPlace() throws IOException {
    Path file = write("[databases]\nx = hots=h\n[pgbouncer]\nmax_client_con = 5\npool_mode = x\n");
    assertThat(check(file)).isFalse();
    assertThat(printed())
        .contains("error: " + file + ":2: databases.x.hots")
        .contains("error: " + file + ":4: max_client_con", "max_client_conn")
        .contains("error: " + file + ":5: pool_mode = x: ")
        .endsWith(file + " cannot be used: 3 errors, 0 warnings\n");
  }

  @Test
  void passesAConfigurationThatWillWork() throws IOException {
    Path users = Files.writeString(dir.resolve("users.txt"), "\"bob\" \"secret\"\n");
    restrict(users);
    Path file = write("[databases]\nx = host=h\n[pgbouncer]\nauth_file = " + users + "\n");
    assertThat(check(file)).isTrue();
    assertThat(printed()).isEqualTo(file + " can be used: 0 errors, 0 warnings\n");
  }

  @Test
  void warnsOfSecretsThatEverybodyMayRead() throws IOException {
    Path users = Files.writeString(dir.resolve("users.txt"), "\"bob\" \"secret\"\n");
    Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
    Path file =
        write(
            "[databases]\nx = host=h user=u password=hush\n[pgbouncer]\nauth_file = "
                + users
                + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(check(file)).isTrue();
    assertThat(printed())
        .contains(
            "warning: "
                + file
                + ":4: auth_file = "
                + users
                + ": holds secrets and may be read by everybody")
        .contains(
            "warning: "
                + file
                + ": holds passwords and may be read by everybody (chmod 640 "
                + file
                + ")")
        .doesNotContain("hush");
  }

  @Test
  void warnsOfTlsFilesThatCannotBeUsed() throws IOException {
    Path missing = dir.resolve("missing.crt");
    Path file = write("[databases]\nx = host=h\n[pgbouncer]\nserver_tls_sslmode = verify-ca\n");
    Files.writeString(file, "server_tls_ca_file = " + missing + "\n", StandardOpenOption.APPEND);
    assertThat(check(file)).isTrue();
    assertThat(printed()).contains("warning: " + file + ": tls: " + missing + ": no such file");
  }

  @Test
  void warnsOfAFileLimitThatIsTooLow() throws IOException {
    Path file =
        write(
            "[databases]\nx = host=h\n[pgbouncer]\nauth_type = any\nmax_client_conn = 2000000000\n");
    assertThat(check(file)).isTrue();
    assertThat(printed())
        .contains(
            ":5: max_client_conn = 2000000000: up to 2000001070 file descriptors may be needed")
        .contains("raise ulimit -n to 2000001070");
  }

  @Test
  void saysThatTheUserListCannotBeRead() throws IOException {
    Path absent = dir.resolve("absent.txt");
    Path file = write("[databases]\nx = host=h\n[pgbouncer]\nauth_file = " + absent + "\n");
    check(file);
    assertThat(printed()).contains(":4: auth_file: " + absent + ": ");
  }

  @Test
  void saysThatTheFileIsNotThere() {
    assertThat(check(dir.resolve("none.ini"))).isFalse();
    assertThat(printed()).contains("error: " + dir.resolve("none.ini") + ": ");
  }

  @Test
  void followsTheEnvironment() throws IOException {
    Path file = write("[databases]\nx = host=h\n[pgbouncer]\nauth_type = any\n");
    boolean good = run(file, Map.of("SLUICE_POOL_MODE", "nonsense"));
    assertThat(good).isFalse();
    assertThat(printed()).contains("SLUICE_POOL_MODE");
  }

  private boolean check(Path file) {
    return run(file, Map.of());
  }

  private boolean run(Path file, Map<String, String> environment) {
    PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);
    return CheckCommand.run(new Arguments.Check(file, false), environment, printer);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Path write(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("pgbouncer.ini"), text);
    restrict(file);
    return file;
  }

  private static void restrict(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }
}
