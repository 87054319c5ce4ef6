package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.proxy.fake.FakePostgres;
import io.sluice.proxy.fake.Peer;
import io.sluice.proxy.fake.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords for servers that are kept in files, or that commands print. */
class OutsidePasswordTest {
  private static final byte[] CLEARTEXT = Wire.message('R', new byte[] {0, 0, 0, 3});

  @TempDir Path directory;

  private FakePostgres postgres;
  private Path secret;

  @BeforeEach
  void startPostgres() throws IOException {
    postgres = FakePostgres.start();
    secret = directory.resolve("secret");
  }

  @AfterEach
  void stopPostgres() throws IOException {
    postgres.close();
  }

  private TestProxy start(String password, String... settings) throws IOException {
    return TestProxy.start(directory, entry(password), String.join("\n", settings));
  }

  private String entry(String password) {
    return "db = host=127.0.0.1 port="
        + postgres.port()
        + " user=app pool_size=1 password='"
        + password
        + "'";
  }

  /** Another file in the place of the old one, as tools that rotate secrets do. */
  private void write(String text) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), text);
    Files.move(next, secret, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private String script(String text) throws IOException {
    Path script = Files.writeString(directory.resolve("give"), "#!/bin/sh\n" + text + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return "exec:" + script;
  }

  /** What the next server is logged in with; the login is refused then. */
  private String shown() throws IOException {
    try (Peer server = postgres.accept()) {
      server.readPacket();
      server.send(CLEARTEXT);
      String password = server.read().text().replace("\0", "");
      server.send(Wire.error("28P01", "password authentication failed"));
      return password;
    }
  }

  private void awaitPassword(TestProxy proxy, String password) {
    TestProxy.await(
        "the password is " + password, () -> password.equals(proxy.onLoop(() -> known(proxy))));
  }

  private static String known(TestProxy proxy) {
    var pools = proxy.proxy().pools();
    var source =
        Objects.requireNonNull(pools.catalog().databases().iterator().next().config().password());
    return String.valueOf(pools.passwords().find(source));
  }

  @Test
  void usesWhatTheFileHoldsNow() throws Exception {
    write("first\n");
    try (TestProxy proxy = start("file:" + secret, "server_login_retry = 0")) {
      try (TestClient waiting = proxy.start("db", "alice")) {
        assertThat(shown()).isEqualTo("first");
        write("second\n");
        awaitPassword(proxy, "second");
        assertThat(waiting).isNotNull();
      }
      try (TestClient waiting = proxy.start("db", "alice")) {
        assertThat(shown()).isEqualTo("second");
        assertThat(waiting).isNotNull();
      }
    }
  }

  @Test
  void keepsThePasswordWhileTheCommandFails() throws Exception {
    Path fail = directory.resolve("fail");
    Path failed = directory.resolve("failed");
    write("first");
    String command =
        script("[ -e " + fail + " ] && { echo x >> " + failed + "; exit 1; }; cat " + secret);
    try (TestProxy proxy = start(command, "password_exec_refresh = 0.1")) {
      awaitPassword(proxy, "first");
      Files.writeString(fail, "");
      TestProxy.await("two failures", () -> failed.toFile().length() >= 4);
      assertThat(proxy.onLoop(() -> known(proxy))).isEqualTo("first");
      write("second");
      Files.delete(fail);
      awaitPassword(proxy, "second");
    }
  }

  @Test
  void usesWhatACommandPrints() throws Exception {
    write("token 1");
    String command = script("cat " + secret);
    try (TestProxy proxy = start(command, "password_exec_refresh = 0.1");
        TestClient waiting = proxy.start("db", "alice")) {
      assertThat(shown()).isEqualTo("token 1");
      write("token 2");
      awaitPassword(proxy, "token 2");
      assertThat(waiting).isNotNull();
    }
  }

  @Test
  void waitsForTheFirstPasswordBeforeAServerIsConnected() throws Exception {
    Path go = directory.resolve("go");
    String command = script("while [ ! -e " + go + " ]; do sleep 0.05; done; echo late");
    try (TestProxy proxy = start(command);
        TestClient waiting = proxy.start("db", "alice")) {
      TestProxy.await("a server that waits", () -> proxy.serverCount("db", "app") == 1);
      assertThat(proxy.onLoop(() -> known(proxy))).isEqualTo("null");
      Files.writeString(go, "");
      assertThat(shown()).isEqualTo("late");
      assertThat(waiting).isNotNull();
    }
  }

  @Test
  void tellsClientsOfAPasswordThatCannotBeHadButNotWhy() throws Exception {
    String command = script("echo the token is hunter2 >&2; exit 1");
    try (TestProxy proxy = start(command);
        Peer client = Peer.connect(proxy.port())) {
      client.send(Wire.startup("user", "alice", "database", "db"));
      try (Peer server = postgres.accept()) {
        server.readPacket();
        server.send(CLEARTEXT);
        List<Peer.Message> messages = client.readToEnd();
        assertThat(messages.get(messages.size() - 1).text())
            .contains("the password of the database is not known yet")
            .doesNotContain("hunter2");
      }
    }
  }

  @Test
  void runsTheCommandAnewAtAReload() throws Exception {
    write("1");
    String command = script("cat " + secret);
    try (TestProxy proxy = start(command, "password_exec_refresh = 0")) {
      awaitPassword(proxy, "1");
      write("2");
      assertThat(proxy.reload(entry(command), "password_exec_refresh = 0")).isNull();
      awaitPassword(proxy, "2");
    }
  }

  @Test
  void killsACommandThatTakesTooLongAndKeepsThePassword() throws Exception {
    Path hang = directory.resolve("hang");
    Path hung = directory.resolve("hung");
    String command =
        script("[ -e " + hang + " ] && { echo $$ > " + hung + "; exec sleep 1000; }; echo early");
    String settings = "password_exec_refresh = 0.1\npassword_exec_timeout = 1";
    try (TestProxy proxy = start(command, settings)) {
      awaitPassword(proxy, "early");
      Files.writeString(hang, "");
      TestProxy.await("a command that hangs", () -> hung.toFile().length() > 0);
      long pid = Long.parseLong(Files.readString(hung).strip());
      TestProxy.await(
          "its end", () -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
      assertThat(proxy.onLoop(() -> known(proxy))).isEqualTo("early");
    }
  }
}
