package io.sluice.proxy.auth.hba;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A login, as far as rules look at it. Immutable.
 *
 * @param database the name that the client gave
 * @param user the name that the client gave
 * @param isPhysicalReplication whether a physical replication is wanted, which names no database
 * @param address where the client comes from; null on a Unix socket
 * @param isTls whether the connection is encrypted
 */
public record LoginRequest(
    String database,
    String user,
    boolean isPhysicalReplication,
    @Nullable InetAddress address,
    boolean isTls) {
  public LoginRequest {
    requireNonNull(database, "database");
    requireNonNull(user, "user");
  }

  /** The same login by another user. */
  public LoginRequest as(String other) {
    return new LoginRequest(database, other, isPhysicalReplication, address, isTls);
  }
}
