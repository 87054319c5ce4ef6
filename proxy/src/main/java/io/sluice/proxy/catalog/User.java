package io.sluice.proxy.catalog;

import io.sluice.config.value.UserConfig;
import io.sluice.protocol.scram.ScramKeys;
import org.jspecify.annotations.Nullable;

/**
 * A name that clients log in with, or that servers are logged in with. Confined to the event loop.
 */
public final class User {
  private final String name;
  private final Quotas.Counts counts;
  private int poolCount;
  private @Nullable UserConfig config;
  private @Nullable Credentials credentials;
  private @Nullable ScramKeys scramKeys;

  User(String name, Quotas quotas) {
    this.name = name;
    this.counts = quotas.ofUser(name);
  }

  /** Takes new settings, or none. */
  void configure(@Nullable UserConfig next) {
    config = next;
  }

  /** Takes a new secret, or none; what was learned by logins with the old one is forgotten. */
  void setCredentials(@Nullable Credentials next) {
    if (credentials == null || !credentials.equals(next)) {
      scramKeys = null;
    }
    credentials = next;
  }

  /**
   * Keeps the keys that a client proved, so that servers with the same secret can be logged in to
   * without a password.
   */
  public void learn(ScramKeys keys) {
    scramKeys = keys;
  }

  /** Notes a pool whose servers log in as this user. */
  public void poolOpened() {
    poolCount++;
  }

  /** Notes that such a pool is gone. */
  public void poolRemoved() {
    poolCount--;
  }

  /** Says whether anything still refers to the user. */
  boolean isInUse() {
    return poolCount > 0 || counts.clients().used() > 0 || counts.servers().used() > 0;
  }

  public String name() {
    return name;
  }

  /** The user's line of {@code [users]}. */
  public @Nullable UserConfig config() {
    return config;
  }

  /** The user's secret; null when the user list does not have the name. */
  public @Nullable Credentials credentials() {
    return credentials;
  }

  /** Keys learned from a client's login. */
  public @Nullable ScramKeys scramKeys() {
    return scramKeys;
  }

  /** Server connections that are logged in as this user. */
  public Quota servers() {
    return counts.servers();
  }

  /** Clients that are logged in as this user. */
  public Quota clients() {
    return counts.clients();
  }

  @Override
  public String toString() {
    return name;
  }
}
