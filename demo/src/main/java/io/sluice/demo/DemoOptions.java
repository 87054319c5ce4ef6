package io.sluice.demo;

import picocli.CommandLine.Option;

/** What the demonstration can be told. */
final class DemoOptions {
  @Option(
      names = "--clients",
      defaultValue = "200",
      paramLabel = "N",
      description = "clients at once (default: ${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--pool-size",
      defaultValue = "10",
      paramLabel = "N",
      description = "server connections at most (default: ${DEFAULT-VALUE})")
  private int poolSize;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      paramLabel = "N",
      description = "how long the load runs (default: ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--port",
      defaultValue = "6432",
      paramLabel = "PORT",
      description = "port of Sluice; another one if it is taken (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--pg-version",
      defaultValue = "",
      paramLabel = "VERSION",
      description = "version of PostgreSQL, such as 11 or 18.6.0 (default: the newest at hand)")
  private String postgresVersion = "";

  @Option(names = "--exit", description = "end after the report instead of staying up")
  private boolean exits;

  int clients() {
    return clients;
  }

  int poolSize() {
    return poolSize;
  }

  int seconds() {
    return seconds;
  }

  int port() {
    return port;
  }

  String postgresVersion() {
    return postgresVersion;
  }

  boolean exits() {
    return exits;
  }
}
