package io.sluice.proxy.client;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import org.jspecify.annotations.Nullable;

/**
 * What one client is counted against: max_user_client_connections of its user,
 * max_db_client_connections of its database. Each is taken once and given back once. Confined to
 * the event loop.
 */
final class Seat {
  private @Nullable User user;
  private @Nullable Database database;

  /** Counts the client for a user, who may be another than it was when the login began. */
  void take(User counted) {
    if (counted == user) {
      return;
    }
    if (user != null) {
      user.clients().giveBack();
    }
    user = counted;
    counted.clients().take();
  }

  /** Counts the client for a database, which may be another than it was when the login began. */
  void take(Database counted) {
    if (counted == database) {
      return;
    }
    if (database != null) {
      database.clients().giveBack();
    }
    database = counted;
    counted.clients().take();
  }

  boolean isIn(Database candidate) {
    return database == candidate;
  }

  /** Whom the client has logged in as, or is logging in as. */
  @Nullable User user() {
    return user;
  }

  /** The client is gone. */
  void giveBack() {
    if (user != null) {
      user.clients().giveBack();
    }
    if (database != null) {
      database.clients().giveBack();
    }
  }
}
