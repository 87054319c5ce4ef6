package io.sluice.demo.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * What a temporary PostgreSQL should be like.
 *
 * @param version which one
 * @param maxConnections its {@code max_connections}
 * @param passwordEncryption {@code md5} or {@code scram-sha-256}, for passwords set later
 * @param config lines for the end of {@code postgresql.conf}
 * @param hba lines for {@code pg_hba.conf}, asked before the one that trusts everybody
 */
public record PostgresOptions(
    PostgresVersion version,
    int maxConnections,
    String passwordEncryption,
    List<String> config,
    List<String> hba) {

  /** The newest version at hand, 100 connections, SCRAM secrets, everybody trusted. */
  public static final PostgresOptions DEFAULT =
      new PostgresOptions(PostgresVersion.NEWEST, 100, "scram-sha-256", List.of(), List.of());

  /** Keeps copies of the lists. */
  public PostgresOptions {
    config = List.copyOf(config);
    hba = List.copyOf(hba);
  }

  /** Asks for a version: {@code 18.6.0}, or the newest of {@code 18}. */
  public PostgresOptions version(String text) {
    return new PostgresOptions(
        new PostgresVersion(text), maxConnections, passwordEncryption, config, hba);
  }

  /** Sets {@code max_connections}. */
  public PostgresOptions maxConnections(int count) {
    return new PostgresOptions(version, count, passwordEncryption, config, hba);
  }

  /** Sets how passwords are stored: {@code md5} or {@code scram-sha-256}. */
  public PostgresOptions passwordEncryption(String method) {
    return new PostgresOptions(version, maxConnections, method, config, hba);
  }

  /** Adds a line to {@code postgresql.conf}; the last line of a name wins. */
  public PostgresOptions config(String line) {
    return new PostgresOptions(
        version, maxConnections, passwordEncryption, plus(config, line), hba);
  }

  /** Adds a line to {@code pg_hba.conf}; the first line that matches wins. */
  public PostgresOptions hba(String line) {
    return new PostgresOptions(
        version, maxConnections, passwordEncryption, config, plus(hba, line));
  }

  private static List<String> plus(List<String> lines, String line) {
    List<String> more = new ArrayList<>(lines);
    more.add(line);
    return more;
  }
}
