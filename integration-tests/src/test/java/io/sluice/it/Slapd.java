package io.sluice.it;

import io.sluice.demo.postgres.Directories;
import io.sluice.demo.postgres.FreePort;
import io.sluice.demo.process.ChildPlan;
import io.sluice.demo.process.ChildProcess;
import io.sluice.demo.process.Command;
import io.sluice.demo.process.CommandResult;
import io.sluice.demo.process.DeathWatch;
import io.sluice.demo.process.Unprivileged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * OpenLDAP's server with a few entries below {@code dc=example}, and a certificate of an authority
 * that nobody knows. Debian's package slapd has to be there.
 */
final class Slapd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PROGRAM = "/usr/sbin/slapd";

  private static final String ENTRIES =
      """
      dn: dc=example
      objectClass: dcObject
      objectClass: organization
      dc: example
      o: Example

      dn: cn=reader,dc=example
      objectClass: person
      cn: reader
      sn: Reader
      userPassword: reader

      dn: ou=people,dc=example
      objectClass: organizationalUnit
      ou: people

      dn: uid=alice,ou=people,dc=example
      objectClass: inetOrgPerson
      uid: alice
      cn: Alice
      sn: Alice
      userPassword: secret

      dn: cn=One,ou=people,dc=example
      objectClass: inetOrgPerson
      uid: twin
      cn: One
      sn: Twin
      userPassword: secret

      dn: cn=Two,ou=people,dc=example
      objectClass: inetOrgPerson
      uid: twin
      cn: Two
      sn: Twin
      userPassword: secret
      """;

  private final ChildProcess process;
  private final DeathWatch watch;
  private final int port;

  private Slapd(ChildProcess process, DeathWatch watch, int port) {
    this.process = process;
    this.watch = watch;
    this.port = port;
  }

  /** Starts one on a free port, with data of its own. */
  static Slapd start() throws Exception {
    CertificateFiles theirs = CertificateFiles.create("Directory");
    theirs.server("slapd");
    Path directory = Files.createTempDirectory("sluice-it-slapd-");
    Directories.openToAll(directory);
    DeathWatch watch = DeathWatch.start();
    watch.remove(directory);
    Files.createDirectory(directory.resolve("db"));
    Path config = Files.writeString(directory.resolve("slapd.conf"), config(directory, theirs));
    Path entries = Files.writeString(directory.resolve("entries"), ENTRIES);
    Unprivileged user = Unprivileged.asOtherUser();
    user.own(directory);
    user.own(directory.resolve("db"));
    List<String> load =
        List.of(PROGRAM, "-T", "add", "-f", config.toString(), "-l", entries.toString());
    CommandResult loaded = Command.of(user.command(load)).run(PATIENCE);
    if (!loaded.isSuccess()) {
      throw new IOException("slapadd: " + loaded.output());
    }
    int port = FreePort.find();
    List<String> serve =
        List.of(PROGRAM, "-f", config.toString(), "-h", "ldap://127.0.0.1:" + port, "-d", "none");
    ChildPlan plan = new ChildPlan("slapd", directory, serve, Map.of(), user, "KILL");
    Slapd slapd = new Slapd(ChildProcess.start(plan, watch), watch, port);
    Eventually.await("slapd listens", slapd::answers);
    return slapd;
  }

  private static String config(Path directory, CertificateFiles theirs) {
    return """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        TLSCertificateFile %s
        TLSCertificateKeyFile %s
        database mdb
        maxsize 1048576
        suffix dc=example
        directory %s
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact=cn=reader,dc=example read by anonymous auth by * none
        """
        .formatted(theirs.file("slapd.crt"), theirs.file("slapd.key"), directory.resolve("db"));
  }

  private boolean answers() {
    try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return open.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.kill9();
    watch.close();
  }
}
