package io.sluice.proxy.auth.hba;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.proxy.catalog.AuthFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Good files with mistakes in them: each is understood or refused with a reason, and nothing else
 * happens. For a second each, or for {@code -Dsluice.fuzz.seconds}; {@code -Dsluice.fuzz.seed}
 * begins elsewhere.
 */
class FileMutationTest {
  private static final int SECONDS = Integer.getInteger("sluice.fuzz.seconds", 1);
  private static final long FIRST_SEED = Long.getLong("sluice.fuzz.seed", 0);

  private static final String HBA =
      """
      # TYPE DATABASE USER ADDRESS METHOD
      local all all peer map=m
      host app,"my db" /^a.*$ 10.0.0.0/8 scram-sha-256
      hostssl all all 192.168.0.0 255.255.0.0 cert map=m
      hostssl replication,sameuser all ::1/128 md5 clientcert=verify-full
      host all all .example.com ldap ldapserver="a b" ldapprefix="uid=" ldapsuffix=",dc=x"
      hostnossl all "all" samenet reject
      host all all samehost \\
        pam pamservice=x
      """;

  private static final String IDENT =
      """
      # MAP SYSTEM USER
      m root postgres
      m /^(.*)@example\\.com$ \\1
      m "some one" "any one"
      """;

  private static final String USERS =
      """
      "app" "md5d41d8cd98f00b204e9800998ecf8427e"
      "me ""too"" " "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"
      ; a comment
      "plain" "secret" ignored
      """;

  private static final String INI =
      """
      [databases]
      app = host=10.0.0.1,10.0.0.2 port=5432 user=app password='it''s' pool_size=5
      out = password='exec:/bin/echo "a b"' connect_query='select 1'
      * = host=/tmp
      [users]
      app = pool_mode=session max_user_connections=3
      [peers]
      1 = host=/tmp/a
      [pgbouncer]
      listen_port = 6432
      auth_type = scram-sha-256
      server_idle_timeout = 10.5
      ignore_startup_parameters = a, b
      """;

  private static final String HOCON =
      """
      pgbouncer { listen_port = 6432, auth_type = md5, server_idle_timeout = 10s
        ignore_startup_parameters = [a, "b"], pkt_buf = 4KiB }
      databases { app { host = "h", port = ${?PORT}, password = "it's" }, "*" = "host=/tmp" }
      users { app { pool_mode = session } }
      """;

  @TempDir Path directory;

  /** What is done with a file. */
  private interface Reading {
    /** Returns why the file is refused, or something if it is not. */
    String read(byte[] bytes) throws IOException;
  }

  private static void fuzz(String honest, Reading reading) throws IOException {
    byte[] good = honest.getBytes(StandardCharsets.UTF_8);
    assertThat(reading.read(good)).isEqualTo("understood");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    for (long seed = FIRST_SEED; System.nanoTime() < end; seed++) {
      byte[] bytes = mutated(good, new Random(seed));
      String said;
      try {
        said = reading.read(bytes);
      } catch (RuntimeException | StackOverflowError bug) {
        throw new AssertionError("seed " + seed, bug);
      }
      assertThat(said).as("seed %s", seed).isNotEmpty();
    }
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + 1 + random.nextInt(20));
      byte[] head = Arrays.copyOf(bytes, at);
      byte[] tail = Arrays.copyOfRange(bytes, to, bytes.length);
      bytes =
          switch (random.nextInt(4)) {
            case 0 -> join(head, new byte[] {(byte) random.nextInt(256)}, tail);
            case 1 -> join(head, tail, new byte[] {'\n'});
            case 2 ->
                join(
                    head,
                    Arrays.copyOfRange(bytes, at, to),
                    Arrays.copyOfRange(bytes, at, bytes.length));
            default -> {
              byte[] marks = "\"'\\#@/=,{}[]\n \0$%;*\r\u00e9".getBytes(StandardCharsets.UTF_8);
              byte[] mark = {marks[random.nextInt(marks.length)]};
              yield join(head, mark, Arrays.copyOfRange(bytes, at, bytes.length));
            }
          };
    }
    return bytes;
  }

  private static byte[] join(byte[] head, byte[] middle, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + middle.length + tail.length);
    System.arraycopy(middle, 0, all, head.length, middle.length);
    System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
    return all;
  }

  private String rules(byte[] hba, byte[] ident) throws IOException {
    Path rules = Files.write(directory.resolve("hba"), hba);
    Path maps = Files.write(directory.resolve("ident"), ident);
    HbaRules.Result read = HbaRules.read(rules, maps);
    return read instanceof HbaRules.Refused refused ? refused.problems().get(0) : "understood";
  }

  @Test
  void readsRulesOrSaysWhyNot() throws IOException {
    byte[] ident = IDENT.getBytes(StandardCharsets.UTF_8);
    fuzz(HBA, bytes -> rules(bytes, ident));
  }

  @Test
  void readsMapsOrSaysWhyNot() throws IOException {
    byte[] hba = HBA.getBytes(StandardCharsets.UTF_8);
    fuzz(IDENT, bytes -> rules(hba, bytes));
  }

  @Test
  void readsUserListsOrSaysWhyNot() throws IOException {
    fuzz(
        USERS,
        bytes ->
            AuthFile.read(Files.write(directory.resolve("users"), bytes))
                    instanceof AuthFile.Refused refused
                ? refused.problems().get(0)
                : "understood");
  }

  private static String config(byte[] bytes) {
    Result read = ConfigLoader.parseText(new String(bytes, StandardCharsets.UTF_8));
    return read instanceof Result.Refused refused
        ? refused.problems().get(0).toString()
        : "understood";
  }

  @Test
  void readsIniFilesOrSaysWhyNot() throws IOException {
    fuzz(INI, FileMutationTest::config);
  }

  @Test
  void readsHoconFilesOrSaysWhyNot() throws IOException {
    fuzz(HOCON, FileMutationTest::config);
  }
}
