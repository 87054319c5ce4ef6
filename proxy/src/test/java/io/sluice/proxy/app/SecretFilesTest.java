package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.load.ConfigLoader;
import io.sluice.config.load.Result;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.auth.AccessFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  /** A group that no file has: that of each file is somebody else's. */
  private static final Set<Integer> NO_GROUP = Set.of(-2);

  @TempDir Path dir;

  private Path write(String name, String text, String permissions) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  private static ProxyConfig loaded(Result result) {
    assertThat(result).isInstanceOf(Result.Loaded.class);
    return ((Result.Loaded) result).config();
  }

  private static List<String> found(Path file, FileReaders readers) {
    ProxyConfig config = loaded(ConfigLoader.load(file, Map.of()));
    assertThat(AccessFiles.read(config)).isInstanceOf(AccessFiles.Loaded.class);
    AccessFiles files = ((AccessFiles.Loaded) AccessFiles.read(config)).files();
    return new SecretFiles(config, readers)
        .check(files.rules().all()).stream().map(String::valueOf).toList();
  }

  private List<String> found(String text) throws IOException {
    return found(
        write("sluice.ini", text + "[pgbouncer]\n", "rw-r--r--"), FileReaders.ofThisProcess());
  }

  private String open(String name) throws IOException {
    return write(name, "hush", "rw-r--r--").toString();
  }

  @Test
  void looksAtThePasswordOfTheStarEntry() throws IOException {
    assertThat(found("[databases]\n* = host=h user=u password=hush\n"))
        .singleElement()
        .asString()
        .contains(dir + "/sluice.ini: ", "holds passwords and may be read by everybody")
        .doesNotContain("hush");
    assertThat(found("[databases]\n* = host=h user=u password=file:" + open("pw") + "\n"))
        .singleElement()
        .asString()
        .contains("databases.*.password", "(chmod 640 " + dir + "/pw)");
  }

  @Test
  void looksAtIncludedFiles() throws IOException {
    Path included =
        write("more.ini", "[databases]\na = host=h user=u password=hush\n", "rw-r--r--");
    assertThat(found("%include " + included + "\n[databases]\nb = host=h\n"))
        .singleElement()
        .asString()
        .startsWith(included + ": ");
  }

  @Test
  void looksAtThePasswordOfTheDirectory() throws IOException {
    String bind = "ldapserver=l ldapbasedn=dc=b ldapbinddn=dc=d ldapbindpasswd=hush";
    assertThat(found("[pgbouncer]\nauth_type = ldap\nauth_ldap_options = " + bind + "\n"))
        .singleElement()
        .asString()
        .startsWith(dir + "/sluice.ini: ")
        .doesNotContain("hush");
    Path hba = write("hba", "host all all all ldap " + bind + "\n", "rw-r--r--");
    assertThat(found("[pgbouncer]\nauth_type = hba\nauth_hba_file = " + hba + "\n"))
        .singleElement()
        .asString()
        .startsWith(hba + ": ");
  }

  @Test
  void looksAtTheKeysOfEntries() throws IOException {
    String files = "server_tls_cert_file=c server_tls_key_file=" + open("key");
    assertThat(found("[databases]\na = host=h " + files + "\n[peers]\n1 = host=p " + files + "\n"))
        .hasSize(2)
        .anyMatch(text -> text.contains("databases.a.server_tls_key_file"))
        .anyMatch(text -> text.contains("peers.1.server_tls_key_file"));
  }

  @Test
  void warnsOfAGroupThatIsNotThePoolers() throws IOException {
    String text = "[databases]\na = host=h user=u password=hush\n[pgbouncer]\n";
    FileReaders strict = new FileReaders(NO_GROUP);
    Path file = write("sluice.ini", text, "rw-r-----");
    assertThat(found(file, strict))
        .singleElement()
        .asString()
        .contains("a group that is neither the pooler's nor root's", "chmod 600");
    assertThat(found(file, FileReaders.ofThisProcess())).isEmpty();
    assertThat(found(write("sluice.ini", text, "rw-------"), strict)).isEmpty();
  }
}
