package io.sluice.proxy.guard;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;

/**
 * What one address may do. Immutable; 0 switches a limit off.
 *
 * @param loginConnections max_address_login_connections
 * @param loginsPerSecond max_address_logins_per_second
 * @param failedLogins max_address_failed_logins
 * @param failureDelayNs login_failure_delay
 */
public record GuardLimits(
    int loginConnections, int loginsPerSecond, int failedLogins, long failureDelayNs) {
  /** No limits. */
  public static final GuardLimits NONE = new GuardLimits(0, 0, 0, 0);

  /** Reads the limits. */
  public static GuardLimits of(Values values) {
    return new GuardLimits(
        values.get(Settings.MAX_ADDRESS_LOGIN_CONNECTIONS),
        values.get(Settings.MAX_ADDRESS_LOGINS_PER_SECOND),
        values.get(Settings.MAX_ADDRESS_FAILED_LOGINS),
        values.get(Settings.LOGIN_FAILURE_DELAY).toNanos());
  }
}
