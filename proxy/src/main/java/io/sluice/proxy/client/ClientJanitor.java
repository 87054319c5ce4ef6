package io.sluice.proxy.client;

import io.sluice.config.setting.Settings;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.pool.PoolSettings;

/** Periodic maintenance of all clients: their time-outs. Confined to the event loop. */
public final class ClientJanitor implements Maintained {
  private final Clients clients;
  private boolean stopped;
  private long nowNs;

  public ClientJanitor(Clients clients) {
    this.clients = clients;
  }

  /** Stops all time-outs, or starts them again: SUSPEND. */
  public void setStopped(boolean stopped) {
    this.stopped = stopped;
  }

  @Override
  public void maintain(long now) {
    if (stopped) {
      return;
    }
    nowNs = now;
    long loginTimeoutNs =
        PoolSettings.ns(clients.config().values().get(Settings.CLIENT_LOGIN_TIMEOUT));
    for (Client client = clients.first(); client != null; ) {
      // Closing one client can only take that one out of the list.
      Client next = client.next();
      switch (client.state()) {
        case LOGIN -> loginTimeout(client, loginTimeoutNs, ClientClose.LOGIN_TIMEOUT);
        case WAITING_LOGIN ->
            loginTimeout(client, loginTimeoutNs, ClientClose.LOGIN_TIMEOUT_SERVER_DOWN);
        case ACTIVE -> idleTimeout(client);
        default -> {
          // Waiting clients are the lane's matter, cancel requests their router's.
        }
      }
      client = next;
    }
  }

  /** client_login_timeout. */
  private void loginTimeout(Client client, long limitNs, ClientClose why) {
    if (limitNs > 0 && nowNs - client.connection().connectedNs() > limitNs) {
      client.close(why);
    }
  }

  /** client_idle_timeout. */
  private void idleTimeout(Client client) {
    long limitNs = client.limits().idleTimeoutNs();
    if (limitNs > 0
        && client.server() == null
        && nowNs - client.connection().lastReadNs() > limitNs) {
      client.close(ClientClose.IDLE_TIMEOUT);
    }
  }
}
