package io.sluice.proxy.client;

import org.jspecify.annotations.Nullable;

/**
 * Who a client is, in the words of logs and of SHOW: {@code C-0x55…: database/user@host:port}.
 * Confined to the event loop.
 */
public final class ClientName {
  private static final long POINTER = 0x5500_0000_0000L;
  private static final int POINTER_SHIFT = 6;

  private final long id;
  private ClientAddress address;
  private @Nullable String database;
  private @Nullable String user;

  ClientName(long id, ClientAddress address) {
    this.id = id;
    this.address = address;
  }

  /** Notes who the client says it is. */
  void set(String claimedDatabase, String claimedUser) {
    database = claimedDatabase;
    user = claimedUser;
  }

  /** Holds the names as the objects of those who are called so, if they are equal. */
  void share(String sameDatabase, String sameUser) {
    if (sameDatabase.equals(database)) {
      database = sameDatabase;
    }
    if (sameUser.equals(user)) {
      user = sameUser;
    }
  }

  /** Notes that the client is elsewhere than its connection comes from. */
  void moveTo(ClientAddress elsewhere) {
    address = elsewhere;
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

  /**
   * A label that is unique in the life of the process, in the shape of PgBouncer's pointers, which
   * KILL_CLIENT takes.
   */
  public String label() {
    return "0x" + Long.toHexString(POINTER + (id << POINTER_SHIFT));
  }

  /** The prefix of the client's log lines. */
  @Override
  public String toString() {
    String whose = database == null ? "(nodb)/(nouser)" : database + "/" + user;
    return "C-" + label() + ": " + whose + "@" + address.display();
  }
}
