package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.WaitTicket;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a login that needs a server of its own: a replication connection, or a client of
 * {@code session_login = early}. Waits for the server, passes on what PostgreSQL says at its login,
 * and hands it to the client. Confined to its event loop.
 *
 * <pre>
 *   begin ─→ queue ─→ the server's login: S… K N… ─→ leased: Z ─→ queries
 *              ↑            │ no connection
 *              ╰────────────╯
 * </pre>
 */
final class GuestLogin implements Waiter, Guest {
  /** PostgreSQL was not reached: another attempt may do better. */
  private static final Set<ServerClose> WORTH_ANOTHER =
      Set.of(
          ServerClose.CONNECT_FAILED,
          ServerClose.CONNECT_TIMEOUT,
          ServerClose.CONNECT_STRING_CHANGED,
          ServerClose.DNS_FAILED,
          ServerClose.LOST,
          ServerClose.VERSION_REFUSED,
          ServerClose.PAUSED);

  private final Client client;
  private final Pool pool;
  private final StartupWishes wishes;
  private final String notice;
  private final Runnable served;
  private final WaitTicket ticket = new WaitTicket(this);
  private final long startedNs;
  private @Nullable Server server;
  private boolean told;

  /**
   * Prepares.
   *
   * @param notice login_notify_message
   * @param served is run when the client has its server, and knows all but that it may begin
   */
  GuestLogin(Client client, Pool pool, StartupWishes wishes, String notice, Runnable served) {
    this.client = client;
    this.pool = pool;
    this.wishes = wishes;
    this.notice = notice;
    this.served = served;
    this.startedNs = pool.loop().nowNs();
  }

  /** Begins to wait; the client may be turned away before this returns. */
  void begin() {
    client.clients().move(client, ClientState.WAITING_LOGIN);
    client.onClosed(this::abandon);
    pool.lane().enqueue(this);
  }

  /** The client has left while it waited. */
  private void abandon() {
    Server made = server;
    server = null;
    pool.lane().leave(this);
    if (made != null) {
      pool.lane().holderGone(made, true);
    }
  }

  // ---- the server's login

  @Override
  public Map<String, String> startup() {
    return wishes.parameters();
  }

  @Override
  public Replication replication() {
    return wishes.replication();
  }

  @Override
  public void told(ByteBuf view, int start, int length) {
    told = true;
    client.link().write(client.link().alloc().buffer(length).writeBytes(view, start, length));
  }

  @Override
  public void keyed(CancelKey theirs) {
    told = true;
    CancelKey key = client.clients().giveKey(client, theirs.processId(), wishes.version());
    ByteBuf out = client.link().alloc().buffer();
    BackendWriter.backendKeyData(out, key);
    client.link().write(out);
  }

  @Override
  public void launched(Server made) {
    server = made;
  }

  @Override
  public void leased(Server ready) {
    server = null;
    client.onClosed(() -> {});
    client.setServer(ready);
    ready.attach(client);
    ByteBuf out = client.link().alloc().buffer();
    if (!notice.isEmpty()) {
      BackendWriter.notice(out, SqlState.SUCCESSFUL_COMPLETION, notice, null);
    }
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    client.link().write(out);
    served.run();
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    server = null;
    if (!told && WORTH_ANOTHER.contains(why)) {
      pool.lane().guests().add(this);
    } else if (why == ServerClose.LOGIN_REFUSED) {
      client.close(ClientClose.SERVER_ENDED, ClientClose.SERVER_ENDED.sqlState(), text);
    } else {
      client.close(ClientClose.SERVER_LOST, SqlState.PROTOCOL_VIOLATION, text);
    }
  }

  // ---- waiting

  @Override
  public Guest guest() {
    return this;
  }

  @Override
  public void refused(Refusal refusal) {
    client.refused(refusal);
  }

  @Override
  public WaitTicket ticket() {
    return ticket;
  }

  @Override
  public Link link() {
    return client.link();
  }

  @Override
  public long requestedNs() {
    return startedNs;
  }

  @Override
  public long queryWaitTimeoutNs() {
    return client.limits().queryWaitTimeoutNs();
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return false;
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  @Override
  public void serverReleased() {}
}
