package io.sluice.proxy.client;

import org.jspecify.annotations.Nullable;

/**
 * Who a client is, in the words of logs and of SHOW: {@code C-0x55…: database/user@host:port}.
 * Confined to the event loop.
 */
public final class ClientName {
  private ClientAddress address;
  private final String label;
  private @Nullable String database;
  private @Nullable String user;
  private String prefix;

  ClientName(long id, ClientAddress address) {
    this.address = address;
    // In the shape of PgBouncer's pointers, which KILL_CLIENT takes.
    this.label = String.format("0x%x", 0x5500_0000_0000L + (id << 6));
    this.prefix = "C-" + label + ": (nodb)/(nouser)@" + address.display();
  }

  /** Notes who the client says it is. */
  void set(String claimedDatabase, String claimedUser) {
    database = claimedDatabase;
    user = claimedUser;
    prefix = "C-" + label + ": " + claimedDatabase + "/" + claimedUser + "@" + address.display();
  }

  /** Notes that the client is elsewhere than its connection comes from. */
  void moveTo(ClientAddress elsewhere) {
    address = elsewhere;
    prefix = "C-" + label + ": (nodb)/(nouser)@" + address.display();
  }

  ClientAddress address() {
    return address;
  }

  /** The database of its StartupMessage, or null before it has come. */
  @Nullable String database() {
    return database;
  }

  /** The user of its StartupMessage, or null before it has come. */
  @Nullable String user() {
    return user;
  }

  /** A label that is unique in the life of the process. */
  public String label() {
    return label;
  }

  /** The prefix of the client's log lines. */
  @Override
  public String toString() {
    return prefix;
  }
}
