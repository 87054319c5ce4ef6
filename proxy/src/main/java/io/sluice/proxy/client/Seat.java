package io.sluice.proxy.client;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.guard.Verdict;
import io.sluice.proxy.guard.Visitor;
import io.sluice.proxy.guard.Visitors;
import io.sluice.proxy.net.MemoryBudget;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one client is counted against: the address it comes from, max_user_client_connections of its
 * user, max_db_client_connections of its database. Each is taken once and given back once. Confined
 * to the event loop.
 */
final class Seat {
  private final Visitors visitors;
  private Visitor visitor;
  private boolean loggedIn;
  private long kept;
  private @Nullable User user;
  private @Nullable Database database;

  Seat(Visitors visitors, @Nullable InetAddress from) {
    this.visitors = visitors;
    this.visitor = visitors.arrived(from);
  }

  /** The client is elsewhere than its connection comes from. */
  void moveTo(@Nullable InetAddress from, long nowNs) {
    visitors.left(visitor, loggedIn, nowNs);
    visitor = visitors.arrived(from);
  }

  /** So many bytes of what the client has said are kept until it has proved who it is. */
  void keeps(long bytes) {
    MemoryBudget.keep(bytes - kept);
    kept = bytes;
  }

  /** The client has proved who it is. */
  void passed() {
    loggedIn = true;
    keeps(0);
    visitor.passed();
  }

  /** Says whether the client has proved who it is. */
  boolean isLoggedIn() {
    return loggedIn;
  }

  /** Who the client is as far as nobody has proved anything: its address. */
  Visitor visitor() {
    return visitor;
  }

  /** Says whether more come from the client's address than may be on their way in. */
  boolean isCrowded() {
    return visitor.isCrowded(visitors.limits());
  }

  /** The client wants to log in. */
  Verdict tries(long nowNs) {
    return visitor.tries(nowNs, visitors.limits(), this);
  }

  /** The client answers a question for its password: says whether that is looked at. */
  boolean mayAnswer(long nowNs) {
    return visitor.mayAnswer(nowNs, visitors.limits(), this);
  }

  /** The client's password was wrong: so much later it is to be told, in nanoseconds. */
  long failed(long nowNs) {
    return visitor.failed(nowNs, visitors.limits());
  }

  /** The client's password was right after all, and has been counted as wrong. */
  void forgive() {
    visitor.forgive();
  }

  /**
   * Says whether a line about the client may be logged: of those who have not logged in, there are
   * only so many.
   */
  boolean mayLog(long nowNs) {
    return loggedIn || visitor.mayLog(nowNs);
  }

  /** Counts the client, which has proved who it is, for its user, unless there are too many. */
  boolean tryTake(User counted, int limit) {
    boolean taken = counted.clients().tryTake(limit);
    if (taken) {
      user = counted;
    }
    return taken;
  }

  /** Counts the client, which has proved who it is, for its database, unless there are too many. */
  boolean tryTake(Database counted, int limit) {
    boolean taken = counted.clients().tryTake(limit);
    if (taken) {
      database = counted;
    }
    return taken;
  }

  /** Whom the client has logged in as. */
  @Nullable User user() {
    return user;
  }

  /** The client is gone. */
  void giveBack(long nowNs) {
    keeps(0);
    visitors.left(visitor, loggedIn, nowNs);
    if (user != null) {
      user.clients().giveBack();
    }
    if (database != null) {
      database.clients().giveBack();
    }
  }
}
