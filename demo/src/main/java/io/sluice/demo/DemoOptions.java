package io.sluice.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command line of the demonstration says. Filled once by picocli, then only read. */
@Command(
    name = "sluice demo",
    description =
        "Starts a PostgreSQL of its own and Sluice before it, lets many clients work over few"
            + " server connections, and shows that PostgreSQL never saw more.",
    sortOptions = false)
final class DemoOptions {
  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many clients work at once (${DEFAULT-VALUE}).")
  int clientCount;

  @Option(
      names = "--pool-size",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many server connections they share (${DEFAULT-VALUE}).")
  int poolSize;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long they work (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6432",
      description = "Where Sluice listens; another port if it is taken (${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--pg-version",
      paramLabel = "VERSION",
      defaultValue = "",
      description = "Which PostgreSQL: 18.6.0, or the newest of 17; others are fetched by Maven.")
  String postgresVersion = "";

  @Option(names = "--exit", description = "End after the report, with status 1 if it is bad.")
  boolean isExiting;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this and exit.")
  boolean isHelp;

  /** Returns what is wrong with the numbers; empty if nothing is. */
  String complaint() {
    if (clientCount < 1 || clientCount > 5000) {
      return "--clients must be from 1 to 5000";
    }
    if (poolSize < 1 || poolSize > 200) {
      return "--pool-size must be from 1 to 200";
    }
    if (seconds < 1 || seconds > 3600) {
      return "--seconds must be from 1 to 3600";
    }
    if (port < 1 || port > 65535) {
      return "--port must be from 1 to 65535";
    }
    return postgresVersion.matches("[0-9.]*") ? "" : "--pg-version must be like 18 or 18.6.0";
  }
}
