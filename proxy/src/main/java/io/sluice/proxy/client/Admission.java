package io.sluice.proxy.client;

import io.sluice.proxy.auth.Access;
import io.sluice.proxy.auth.AuthMethod;
import io.sluice.proxy.auth.Demand;
import io.sluice.proxy.auth.Lookup;
import io.sluice.proxy.auth.Proof;
import io.sluice.proxy.auth.hba.LoginRequest;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.tls.TlsSession;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a login between its StartupMessage and its first challenge: which rule decides, and
 * which secret the client has to know. Confined to its event loop.
 *
 * <pre>
 *   rule ─→ user list ─→ auth_query ─→ rule for the name that was returned ─→ method
 * </pre>
 *
 * <p>The client is held while a name server or PostgreSQL is asked.
 */
final class Admission {
  private final Client client;
  private final Access access;
  private final LoginRequest login;
  private final @Nullable Credentials listed;
  private final Consumer<Party> then;
  private boolean held;

  /**
   * Who logs in, and how.
   *
   * @param name the login's name from here on; auth_query may return another than was asked for
   * @param secret the secret, or null when there is no such user
   * @param isLookedUp whether auth_query has found the secret
   * @param method how the client has to prove who it is
   */
  record Party(String name, @Nullable Credentials secret, boolean isLookedUp, AuthMethod method) {}

  /**
   * Prepares.
   *
   * @param known the user as the catalog has it, or null
   * @param then gets the result, perhaps before {@link #begin} returns
   */
  Admission(
      Client client,
      Access access,
      LoginRequest login,
      @Nullable User known,
      Consumer<Party> then) {
    this.client = client;
    this.access = access;
    this.login = login;
    this.listed = known == null ? null : known.credentials();
    this.then = then;
  }

  void begin() {
    choose(login, this::search);
  }

  private void choose(LoginRequest request, Consumer<Demand> chosen) {
    boolean[] answered = new boolean[1];
    access
        .authenticator()
        .choose(
            request,
            access.names(),
            demand -> {
              answered[0] = true;
              if (!client.isClosed()) {
                chosen.accept(demand);
              }
            });
    if (!answered[0]) {
      hold();
    }
  }

  private void hold() {
    if (!held) {
      held = true;
      new HoldPhase(client).enter();
    }
  }

  private void search(Demand demand) {
    boolean asks =
        access.authenticator().needsUser(demand)
            && listed == null
            && access.queries().isPossible(login.database());
    if (!asks) {
      finish(demand, login.user(), listed, false);
      return;
    }
    hold();
    client.clients().move(client, ClientState.WAITING_LOGIN);
    Runnable abandon =
        access.queries().find(login.database(), login.user(), found -> found(demand, found));
    if (client.state() == ClientState.WAITING_LOGIN) {
      client.onClosed(abandon);
    }
  }

  private void found(Demand demand, Lookup found) {
    if (client.isClosed()) {
      return;
    }
    client.onClosed(() -> {});
    client.clients().move(client, ClientState.LOGIN);
    if (found instanceof Lookup.Failed failed) {
      client.close(ClientClose.CONFIG_ERROR, ClientClose.CONFIG_ERROR.sqlState(), failed.text());
    } else if (found instanceof Lookup.Found row) {
      continueAs(demand, row);
    } else {
      finish(demand, login.user(), null, false);
    }
  }

  /** A rule for the name that was returned must not be passed by spelling the name otherwise. */
  private void continueAs(Demand demand, Lookup.Found row) {
    if (row.name().equals(login.user())) {
      finish(demand, row.name(), row.credentials(), true);
    } else {
      choose(login.as(row.name()), other -> finish(other, row.name(), row.credentials(), true));
    }
  }

  private void finish(
      Demand demand, String name, @Nullable Credentials secret, boolean isLookedUp) {
    TlsSession tls = client.connection().tls();
    InetSocketAddress remote = client.address().remote();
    Proof proof =
        new Proof(
            client.address().peer(),
            tls == null ? null : tls.peerCommonName(),
            tls != null || client.address().isUnix(),
            remote == null ? "" : ClientAddress.host(remote));
    AuthMethod method = access.authenticator().open(demand, name, secret, proof);
    then.accept(new Party(name, secret, isLookedUp, method));
  }
}
