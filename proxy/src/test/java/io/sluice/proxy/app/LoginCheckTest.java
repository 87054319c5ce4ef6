package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginCheckTest {
  @TempDir private Path directory;

  private String check(String rules, String... words) throws IOException {
    Path hba = Files.writeString(directory.resolve("hba"), rules);
    Path config =
        Files.writeString(
            directory.resolve("ini"),
            "[databases]\n* = host=h\n[pgbouncer]\nauth_type = hba\nauth_hba_file = " + hba + "\n");
    String[] all = new String[words.length + 3];
    all[0] = "check";
    all[1] = "--login";
    System.arraycopy(words, 0, all, 2, words.length);
    all[all.length - 1] = config.toString();
    Arguments arguments = Arguments.parse(all);
    assertThat(arguments).isInstanceOf(Arguments.CheckLogin.class);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean good =
        LoginCheck.run(
            (Arguments.CheckLogin) arguments,
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    return good + " " + out.toString(StandardCharsets.UTF_8).strip().replace(directory + "/", "");
  }

  @Test
  void saysWhichLineDecides() throws IOException {
    String rules = "local all all peer\nhostssl app all 10.0.0.0/8 md5\nhost all bob all reject\n";

    assertThat(check(rules, "db=app", "user=alice", "addr=10.1.1.1", "tls=yes"))
        .isEqualTo("true hba:2: hostssl app all 10.0.0.0 255.0.0.0 md5");
    assertThat(check(rules, "db=app", "user=bob", "addr=10.1.1.1"))
        .isEqualTo("false hba:3: host all bob all reject");
    assertThat(check(rules, "db=app", "user=alice", "addr=::1"))
        .isEqualTo("false no rule concerns this login: it is refused");
    assertThat(check(rules, "db=app", "user=alice")).isEqualTo("true hba:1: local all all peer");
  }

  @Test
  void asksTheSystemForHostNames() throws IOException {
    assertThat(check("host all all localhost trust\n", "db=a", "user=b", "addr=127.0.0.1"))
        .isEqualTo("true hba:1: host all all localhost trust");
  }

  @Test
  void reportsWhatIsWrong() throws IOException {
    assertThat(check("nonsense\n", "db=a", "user=b")).startsWith("false error: hba:1: invalid");
    assertThat(check("local all all trust\n", "db=a", "user=b", "addr=x"))
        .isEqualTo("false error: addr is no IP address: x");
    assertThat(Arguments.parse("check", "--login", "db=a", "ini"))
        .isEqualTo(new Arguments.Wrong("check --login needs db= and user="));
    assertThat(Arguments.parse("check", "--login", "db=a", "user=b"))
        .isEqualTo(new Arguments.Wrong("no configuration file specified"));
  }
}
