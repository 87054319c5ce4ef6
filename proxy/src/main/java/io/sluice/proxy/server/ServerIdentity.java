package io.sluice.proxy.server;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;

/** What a server is called in logs and SHOW, and how old it is. Confined to its event loop. */
final class ServerIdentity {
  private final long id;
  private final String session;
  private String logName;
  private long launchedNs;
  private long launchedWallMs = System.currentTimeMillis();

  ServerIdentity(long id, Database database, User user, long nowNs) {
    this.id = id;
    this.session = database.name() + "/" + user.name();
    this.launchedNs = nowNs;
    this.logName = "S-" + label() + ": " + session + "@(nohost)";
  }

  void setAddress(String display) {
    logName = "S-" + label() + ": " + session + "@" + display;
  }

  /** The server is as old as the one that it goes on for. */
  void continueAs(ServerIdentity before) {
    launchedNs = before.launchedNs;
    launchedWallMs = before.launchedWallMs;
  }

  long id() {
    return id;
  }

  String label() {
    return String.format("0x%x", 0x5500_0000_0000L + (id << 6));
  }

  String logName() {
    return logName;
  }

  long launchedNs() {
    return launchedNs;
  }

  long launchedWallMs() {
    return launchedWallMs;
  }
}
