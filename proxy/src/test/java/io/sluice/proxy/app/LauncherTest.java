package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the launcher with a Java that only tells how it was called. */
@Timeout(60)
class LauncherTest {
  /** Prints its process id and its words; as a daemon it says that it is up, or fails. */
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      case " $* " in
        *" fails.ini "*) echo "fake: cannot start" >&2; exit 1 ;;
        *" -Dsluice.up.pipe=4 "*) echo up >&4; exec 4>&-; exec sleep 60 >&- 2>&- ;;
      esac
      echo "pid $$"
      [ -e /proc/self/fd/3 ] && echo "file3 $(readlink /proc/self/fd/3)"
      for word in "$@"; do echo "word $word"; done
      """;

  @TempDir Path dir;

  private Path home = Path.of("");

  /** What came of a run of the launcher. */
  private record Outcome(int status, long pid, List<String> out, String err) {
    List<String> words() {
      return out.stream()
          .filter(line -> line.startsWith("word "))
          .map(l -> l.substring(5))
          .toList();
    }
  }

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectory(dir.resolve("the home"));
    Files.copy(Path.of("..", "sluice"), home.resolve("sluice"));
    Files.createFile(home.resolve("sluice.jar"));
    executable(home.resolve("sluice"));
    java("java-21", "21.0.1");
  }

  @Test
  void becomesJavaWithItsWordsUntouched() throws Exception {
    Outcome outcome = run("a b.ini", "", "$HOME", "*");
    assertThat(outcome.out()).contains("pid " + outcome.pid());
    List<String> words = outcome.words();
    int jar = words.indexOf("-jar");
    assertThat(words.subList(jar, words.size()))
        .containsExactly("-jar", home + "/sluice.jar", "a b.ini", "", "$HOME", "*");
  }

  @Test
  void setsFile3AsideForSigquitUnlessSystemdHasIt() throws Exception {
    Outcome plain = run("x.ini");
    assertThat(plain.out()).contains("file3 /dev/null", "word -Dsluice.file3=free");
    Outcome activated = run(Map.of("LISTEN_FDS", "1"), "x.ini");
    assertThat(activated.words()).isNotEmpty().doesNotContain("-Dsluice.file3=free");
  }

  @Test
  void findsItselfThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectory(dir.resolve("bin"));
    Files.createSymbolicLink(home.resolve("relative"), Path.of("sluice"));
    Files.createSymbolicLink(bin.resolve("pooler"), home.resolve("relative"));
    Outcome outcome = start(Map.of(), bin, "./pooler", "x.ini");
    assertThat(outcome.words()).contains(home + "/sluice.jar", "x.ini");
    Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
    assertThat(start(path, dir, "env", "pooler", "x.ini").words()).contains(home + "/sluice.jar");
  }

  @Test
  void letsTheCallersOptionsWin() throws Exception {
    Map<String, String> options = Map.of("SLUICE_JAVA_OPTS", "-Xmx1g  -Dx=y");
    List<String> words = run(options, "x.ini").words();
    assertThat(words).containsSubsequence("-Xmx256m", "-Xmx1g", "-Dx=y", "-jar");
    assertThat(words).contains("-XX:+UseSerialGC");
    options = Map.of("SLUICE_JAVA_OPTS", "-XX:+UseZGC");
    assertThat(run(options, "x.ini").words())
        .contains("-XX:+UseZGC")
        .doesNotContain("-XX:+UseSerialGC");
  }

  @Test
  void refusesToRunWithAnOldJava() throws Exception {
    Path old = java("java-8", "1.8.0_402");
    Map<String, String> noOther = Map.of("JAVA_HOME", old.toString());
    Outcome outcome = run(noOther, "x.ini");
    assertThat(outcome.err()).contains("JAVA_HOME=" + old + " has no Java 17 or later");
  }

  @Test
  void asksAJavaThatHasNoReleaseFile() throws Exception {
    Path odd = Files.createDirectories(dir.resolve("odd/bin"));
    Path java = odd.resolve("java");
    Files.writeString(
        java,
        "#!/bin/sh\n[ \"$1\" = -version ] && { echo 'openjdk version \"18-ea\" 2022' >&2; exit; }\necho odd\n");
    executable(java);
    assertThat(run(Map.of("JAVA_HOME", dir.resolve("odd").toString()), "x.ini").out())
        .containsExactly("odd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-d x.ini", "x.ini --daemon", "-qd x.ini", "-vvd -u bob x.ini", "-u bob -d x.ini"})
  void leavesADaemonBehindOnceItIsUp(String line) throws Exception {
    Outcome outcome = run(line.split(" "));
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.ini",
        "-u daemon x.ini",
        "-udan x.ini",
        "--user=d x.ini",
        "-vu d x.ini",
        "-- -d"
      })
  void staysInTheForegroundOtherwise(String line) throws Exception {
    Outcome outcome = run(line.split(" "));
    assertThat(outcome.words()).endsWith(line.split(" "));
  }

  @Test
  void passesOnWhyADaemonDidNotStart() throws Exception {
    Outcome outcome = run("-d", "fails.ini");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("fake: cannot start\n");
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoJar() throws Exception {
    Files.delete(home.resolve("sluice.jar"));
    Outcome outcome = run("x.ini");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo(
            "sluice: "
                + home
                + "/proxy/target/sluice.jar is missing, and there are no sources to build it from\n");
  }

  @Test
  void buildsAMissingJarOfASourceCheckout() throws Exception {
    Files.delete(home.resolve("sluice.jar"));
    Files.createFile(home.resolve("pom.xml"));
    Path bin = Files.createDirectory(dir.resolve("mvn-bin"));
    Path mvn = bin.resolve("mvn");
    Files.writeString(
        mvn, "#!/bin/sh\necho \"mvn $*\"\nmkdir -p proxy/target; : >proxy/target/sluice.jar\n");
    executable(mvn);
    Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
    Outcome outcome = run(path, "x.ini");
    assertThat(outcome.err())
        .contains("sluice: building " + home + "/proxy/target/sluice.jar")
        .contains("mvn -q -B -DskipTests -pl proxy -am package")
        .doesNotContain("no archive");
    assertThat(outcome.words()).contains(home + "/proxy/target/sluice.jar");
    assertThat(run(path, "x.ini").err()).isEmpty();
  }

  @Test
  void loadsTheArchiveThatARehearsalOfTheSameJavaLeft() throws Exception {
    Path archive = home.resolve("sluice-21.0.1.jsa");
    assertThat(run("x.ini").words()).contains("-Xshare:auto");
    assertThat(run("rehearse").words())
        .contains("-XX:ArchiveClassesAtExit=" + archive)
        .endsWith("rehearse");
    Files.createFile(archive);
    assertThat(run("x.ini").words()).contains("-XX:SharedArchiveFile=" + archive);
    Path newer = java("java-25", "25");
    assertThat(run(Map.of("JAVA_HOME", newer.toString()), "x.ini").words())
        .contains("-Xshare:auto");
  }

  /** Java runs what is in a cache, whatever the jar has become. */
  @Test
  void usesACacheOnlyWithTheJarThatItWasMadeFrom() throws Exception {
    Path jar = home.resolve("sluice.jar");
    Files.writeString(jar, "four");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.ofEpochSecond(1_000_000)));
    Map<String, String> newest = Map.of("JAVA_HOME", java("java-25", "25").toString());
    Path cache = home.resolve("sluice-25-4-1000000.aot");
    Path old = home.resolve("sluice-25-3-999.aot");
    Files.createFile(old);

    assertThat(run(newest, "x.ini").words()).contains("-Xshare:auto");
    assertThat(run(newest, "rehearse").words()).contains("-XX:AOTCacheOutput=" + cache);
    assertThat(old).doesNotExist();
    Files.createFile(cache);
    assertThat(run(newest, "x.ini").words()).contains("-XX:AOTCache=" + cache);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.ofEpochSecond(1_000_001)));
    assertThat(run(newest, "x.ini").words()).contains("-Xshare:auto");
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.2, false",
    "17.0.8.1, false",
    "17.0.9, true",
    "17.0.19, true",
    "21.0.1, false",
    "22, true",
    "25.0.3, true"
  })
  void hasMemoryTrimmedWhereJavaKnowsHow(String version, boolean trims) throws Exception {
    Map<String, String> java = Map.of("JAVA_HOME", java("java-x", version).toString());

    assertThat(run(java, "x.ini").words().contains("-XX:TrimNativeHeapInterval=5000"))
        .isEqualTo(trims);
  }

  private Outcome run(String... words) throws Exception {
    return run(Map.of(), words);
  }

  private Outcome run(Map<String, String> environment, String... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = home.resolve("sluice").toString();
    System.arraycopy(words, 0, command, 1, words.length);
    return start(environment, dir, command);
  }

  private Outcome start(Map<String, String> environment, Path directory, String... command)
      throws Exception {
    Path err = dir.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    builder.environment().put("JAVA_HOME", dir.resolve("java-21").toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(
        process.exitValue(), process.pid(), out.lines().toList(), Files.readString(err));
  }

  private Path java(String name, String version) throws IOException {
    Path java = dir.resolve(name);
    Files.createDirectories(java.resolve("bin"));
    Files.writeString(java.resolve("bin/java"), FAKE_JAVA);
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(java.resolve("bin/java"));
    return java;
  }

  private static void executable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
