package io.sluice.proxy.client;

import io.sluice.proxy.HotPath;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.SessionVars;
import org.jspecify.annotations.Nullable;

/** Gives servers the parameters of the client that gets them. Confined to its event loop. */
@HotPath
final class VarsHandover {
  private @Nullable SessionVars sent;
  private boolean unproven;

  /** Gives the server the client's parameters, in front of its request. */
  void give(Server server, @Nullable SessionVars wanted) {
    if (wanted == null) {
      return;
    }
    if (!server.vars().suits(wanted)) {
      server.prepend(server.vars().changesFor(wanted));
      server.vars().assume(wanted);
      sent = wanted;
      // Values that no server has seen may be refused; the request must not run without them.
      unproven = !wanted.isProven();
    } else {
      wanted.prove();
    }
  }

  /** Says whether the client's request has to wait until PostgreSQL has accepted its parameters. */
  boolean isUnproven() {
    return unproven;
  }

  /**
   * PostgreSQL has accepted what it was sent, if that was anything.
   *
   * @return whether the client's request has waited for it
   */
  boolean accepted(Server server) {
    SessionVars accepted = sent;
    if (accepted != null) {
      sent = null;
      server.vars().spell(accepted);
    }
    boolean waited = unproven;
    unproven = false;
    return waited;
  }
}
