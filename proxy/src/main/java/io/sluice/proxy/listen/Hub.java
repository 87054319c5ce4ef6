package io.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.MessageCursor;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Hearing;
import io.sluice.proxy.server.HearingPhase;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.session.ListenCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for all clients of one database over one connection. Confined to its event loop.
 *
 * <p>The connection is made when somebody listens, made again when it is lost, and closed some time
 * after the last one has stopped. A subscriber is confirmed when PostgreSQL has accepted every
 * LISTEN of its, so that nothing is missed from there on.
 */
public final class Hub extends LoneWaiter implements Hearing {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);
  private static final long NS_PER_MS = 1_000_000L;

  /** Who begins to listen holds a server until it is so: not for longer than this. */
  private static final long CONFIRM_LIMIT_NS = 15_000 * NS_PER_MS;

  /** Who stops listening often begins again soon. */
  private static final long LINGER_NS = 10_000 * NS_PER_MS;

  private final Pools pools;
  private final Database database;
  private final User user;
  private final Channels channels = new Channels();
  private final Set<Subscriber> members = new HashSet<>();
  private final Set<Subscriber> unconfirmed = new LinkedHashSet<>();
  private final List<String> begun = new ArrayList<>();
  private @Nullable Pool pool;
  private @Nullable Server server;
  private @Nullable HearingPhase hearing;
  private boolean wanted;
  private boolean busy;
  private boolean lost;
  private long lostNs;
  private long retryNs;
  private long unconfirmedNs;
  private long usedNs;

  Hub(Pools pools, Database database, User user) {
    super(pools.loop());
    this.pools = pools;
    this.database = database;
    this.user = user;
    this.usedNs = pools.loop().nowNs();
    this.retryNs = usedNs;
  }

  // ---- what subscribers want

  /** Somebody may listen from now on: the hub is kept until {@link #leave}. */
  public void join(Subscriber subscriber) {
    members.add(subscriber);
  }

  /**
   * Carries out what a subscriber's transaction has asked for.
   *
   * @return whether PostgreSQL listens already; else {@link Subscriber#confirmed} is called later
   */
  public boolean change(Subscriber subscriber, List<ListenCommand> commands) {
    for (ListenCommand command : commands) {
      String channel = command.channel();
      if (command.listens() && channel != null) {
        channels.add(channel, subscriber);
      } else {
        channels.remove(channel, subscriber);
      }
    }
    boolean listens = commands.stream().anyMatch(ListenCommand::listens);
    boolean confirmed = !listens || (hearing != null && channels.isConfirmed(subscriber));
    if (!confirmed) {
      unconfirmedNs = unconfirmed.isEmpty() ? pools.loop().nowNs() : unconfirmedNs;
      unconfirmed.add(subscriber);
    }
    catchUp();
    return confirmed;
  }

  /** A subscriber is gone. */
  public void leave(Subscriber subscriber) {
    channels.remove(null, subscriber);
    unconfirmed.remove(subscriber);
    members.remove(subscriber);
    catchUp();
  }

  /** Has PostgreSQL listen on what is wanted, or connects to it first. */
  private void catchUp() {
    HearingPhase listening = hearing;
    if (!channels.isEmpty()) {
      usedNs = pools.loop().nowNs();
    }
    if (listening == null) {
      if (!channels.isEmpty() && !wanted && pools.loop().nowNs() - retryNs >= 0) {
        connect();
      }
      return;
    }
    if (!busy) {
      begun.clear();
      String sql = channels.changes(begun);
      if (!sql.isEmpty()) {
        busy = true;
        listening.say(sql);
      }
    }
  }

  // ---- the connection

  private void connect() {
    wanted = true;
    Pool target = pools.openForListening(database, user);
    pool = target;
    target.lane().enqueue(this);
  }

  @Override
  public void launched(Server made) {
    server = made;
  }

  @Override
  public void keyed(CancelKey theirs) {}

  @Override
  public void leased(Server ready) {
    hearing = HearingPhase.begin(ready, this);
    catchUp();
  }

  @Override
  public void refused(Refusal refusal) {
    wanted = false;
    giveUp(refusal.text());
  }

  /** Those who listen already go on waiting; those who are just beginning are told. */
  private void giveUp(String reason) {
    for (Subscriber subscriber : List.copyOf(unconfirmed)) {
      channels.remove(null, subscriber);
      unconfirmed.remove(subscriber);
      subscriber.failed(reason);
    }
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    boolean listened = hearing != null;
    server = null;
    hearing = null;
    busy = false;
    channels.forget();
    if (listened && !lost && !channels.isEmpty()) {
      lost = true;
      lostNs = pools.loop().nowNs();
      log.warn("{}: the listening connection is lost: {}", database, text);
    }
    if (why == ServerClose.LOGIN_REFUSED) {
      delay();
      giveUp(text);
    }
    // Maintenance tries again, at the pool's pace.
    wanted = false;
  }

  private void delay() {
    Pool mine = pool;
    retryNs = pools.loop().nowNs() + (mine == null ? 0 : mine.settings().loginRetryNs());
  }

  /** Follows PAUSE and RECONNECT, connects again, ends what nobody needs. */
  void maintain(long nowNs) {
    Server listening = server;
    boolean needless = channels.isEmpty() && nowNs - usedNs > LINGER_NS;
    if (listening != null && needless) {
      listening.close(ServerClose.GUEST_LEFT);
    } else if (listening != null && pool != null && pool.isPaused()) {
      listening.close(ServerClose.PAUSED);
    } else if (listening != null && listening.isCloseNeeded() && hearing != null) {
      listening.close(ServerClose.CLOSE_NEEDED);
    }
    Pool mine = pool;
    if (wanted && server == null && mine != null && mine.isRemoved()) {
      mine.lane().leave(this);
      wanted = false;
    }
    if (!unconfirmed.isEmpty() && nowNs - unconfirmedNs > CONFIRM_LIMIT_NS) {
      giveUp("no connection");
    }
    catchUp();
  }

  /** Says whether nobody needs the hub, or may before the end of a transaction. */
  boolean isOver() {
    return members.isEmpty() && server == null && !wanted && channels.isEmpty();
  }

  // ---- what PostgreSQL says

  /** {@code 'A' | int32 length | int32 pid | cstr channel | cstr payload}. */
  @Override
  public void heard(ByteBuf view, int start, int length) {
    int nameStart = start + MessageCursor.HEADER_BYTES + Integer.BYTES;
    int nameLength = CStrings.length(view, nameStart, start + length);
    if (nameLength < 0) {
      return;
    }
    String name = view.toString(nameStart, nameLength, StandardCharsets.UTF_8);
    for (Subscriber subscriber : channels.subscribers(name)) {
      subscriber.notified(view, start, length);
    }
  }

  @Override
  public void failed(ErrorFields error) {
    log.warn("{}: listening failed: {}", database, error.message());
    begun.clear();
    Server listening = server;
    if (busy && listening != null) {
      delay();
      giveUp(error.message());
      listening.close(ServerClose.LISTEN_FAILED);
    }
  }

  @Override
  public void done() {
    if (!busy) {
      return;
    }
    busy = false;
    channels.confirm(begun);
    if (lost) {
      lost = false;
      long gapMs = (pools.loop().nowNs() - lostNs) / NS_PER_MS;
      log.warn("{}: listens again, after a gap of {} ms", database, gapMs);
      channels.everybody().forEach(Subscriber::resumed);
    }
    for (Subscriber subscriber : List.copyOf(unconfirmed)) {
      if (channels.isConfirmed(subscriber)) {
        unconfirmed.remove(subscriber);
        subscriber.confirmed();
      }
    }
    catchUp();
  }
}
