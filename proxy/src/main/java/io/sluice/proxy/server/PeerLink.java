package io.sluice.proxy.server;

import io.sluice.proxy.net.Dialer;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.server.ServerConnector.Destination;
import io.sluice.proxy.tls.TlsContext;
import io.sluice.proxy.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/** A connection to another pooler that is being made. Confined to its event loop. */
public final class PeerLink implements Dialer.Outcome, TlsPhase.Applicant {
  private final Destination to;
  private final Caller caller;
  private @Nullable PgConnection connection;

  PeerLink(Destination to, Caller caller) {
    this.to = to;
    this.caller = caller;
  }

  /** Who wants to reach another pooler. */
  public interface Caller {
    /**
     * The other end has accepted the connection, which is to be given a phase; there may be no TLS
     * yet.
     *
     * @return false when it is not wanted any more: it is closed then, and nothing else is called
     */
    boolean connected(PgConnection connection);

    /** What is written from now on reaches the other pooler; a phase is to be entered now. */
    void reached(PgConnection connection);

    /**
     * There is no connection.
     *
     * @param reason a few words for the log
     */
    void failed(String reason);
  }

  @Override
  public void connected(PgConnection made) {
    if (!caller.connected(made)) {
      made.abort();
      return;
    }
    connection = made;
    made.start();
    TlsContext tls = to.tls();
    if (tls == null) {
      caller.reached(made);
    } else {
      new TlsPhase(this, to, tls, made, () -> caller.reached(made)).start();
    }
  }

  @Override
  public void failed(Throwable cause) {
    caller.failed("connect failed");
  }

  @Override
  public void secured(TlsSession session) {}

  @Override
  public void failed(ServerClose why, String text) {
    PgConnection made = connection;
    if (made != null) {
      made.close();
    }
    caller.failed(text);
  }
}
