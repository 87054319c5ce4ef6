package io.sluice.proxy.client;

import io.sluice.proxy.auth.AuthQueries;
import io.sluice.proxy.auth.Lookup;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.catalog.User;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the secret of whoever logs in: in the user list, else by auth_query. Confined to its event
 * loop.
 */
final class UserSearch {
  private final Client client;
  private final AuthQueries queries;

  /**
   * Who logs in.
   *
   * @param name the login's name from here on; auth_query may return another than was asked for
   * @param secret the secret, or null when there is no such user
   * @param isLookedUp whether auth_query has found the secret
   */
  record Party(String name, @Nullable Credentials secret, boolean isLookedUp) {}

  UserSearch(Client client, AuthQueries queries) {
    this.client = client;
    this.queries = queries;
  }

  /**
   * Searches; the client is held meanwhile, and is closed when the search cannot be done.
   *
   * @param known the user as it is known already, or null
   * @param then gets the result, perhaps before this returns
   */
  void run(String database, String user, @Nullable User known, Consumer<Party> then) {
    Credentials listed = known == null ? null : known.credentials();
    if (listed != null || !queries.isPossible(database)) {
      then.accept(new Party(user, listed, false));
      return;
    }
    new HoldPhase(client).enter();
    client.clients().move(client, ClientState.WAITING_LOGIN);
    Runnable abandon = queries.find(database, user, found -> finish(user, found, then));
    if (client.state() == ClientState.WAITING_LOGIN) {
      client.onClosed(abandon);
    }
  }

  private void finish(String user, Lookup found, Consumer<Party> then) {
    if (client.isClosed()) {
      return;
    }
    client.onClosed(() -> {});
    client.clients().move(client, ClientState.LOGIN);
    if (found instanceof Lookup.Failed failed) {
      client.close(ClientClose.CONFIG_ERROR, ClientClose.CONFIG_ERROR.sqlState(), failed.text());
      return;
    }
    then.accept(
        found instanceof Lookup.Found row
            ? new Party(row.name(), row.credentials(), true)
            : new Party(user, null, false));
  }
}
