package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.write.FrontendWriter;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.server.ReplySink;
import io.sluice.proxy.server.RequestQueue;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;

/**
 * Stands in for a client that has vanished, until its server can be another's: takes in what
 * PostgreSQL still owes, fails a COPY that waits for data, and rolls the transaction back.
 *
 * <p>PostgreSQL does the same when a client of its own vanishes, at the cost of the connection. A
 * server that takes too long, or sends too much, is closed, as PgBouncer does with all of them.
 * Confined to its event loop.
 */
final class Rescue implements ReplySink {
  /** What is left of most answers; more than that costs more than a new connection. */
  private static final long MAX_BYTES = 4 << 20;

  /** A place in the pool that nobody uses is not worth more. */
  private static final long MAX_NS = 5_000_000_000L;

  /** A cancel request may hit the first ROLLBACK. */
  private static final int MAX_ROLLBACKS = 3;

  private final Pool pool;
  private final Server server;
  private final Drain drain = new Drain();
  private final long sinceNs;
  private int rollbacks;

  private Rescue(Pool pool, Server server) {
    this.pool = pool;
    this.server = server;
    this.sinceNs = pool.loop().nowNs();
  }

  /** Takes over a server whose client has vanished, with all that it had asked for sent. */
  static void begin(Pool pool, Server server) {
    Rescue rescue = new Rescue(pool, server);
    server.attach(rescue);
    if (pool.settings().cancelsAbandoned() && !server.requests().isEmpty()) {
      pool.cancels().cancel(pool, server, () -> {});
    }
    rescue.step();
  }

  /** Says whether a server may be rescued at all, or would be closed afterwards. */
  static boolean isWorthIt(Pool pool, Server server) {
    return !server.isDirty()
        && !server.isCloseNeeded()
        && !pool.isRemoved()
        && !pool.isPaused()
        && !pool.isLifetimeOver(server);
  }

  /** Does what is next: PostgreSQL has answered all, or waits for something. */
  private void step() {
    if (server.isClosed()) {
      return;
    }
    RequestQueue requests = server.requests();
    if (server.isCopyIn() && !requests.isCopyEndSent()) {
      failCopy(requests);
    } else if (!requests.isEmpty()) {
      // What was asked without a Sync may be answered, and not be on its way yet.
      ByteBuf out = server.link().alloc().buffer(8);
      FrontendWriter.flush(out);
      server.send(out);
    } else if (requests.isSkippingToSync()) {
      requests.forward(FrontendType.SYNC);
      ByteBuf out = server.link().alloc().buffer(8);
      FrontendWriter.sync(out);
      server.send(out);
    } else if (!server.isReady()) {
      rollBack(requests);
    }
    requests.await();
  }

  private void failCopy(RequestQueue requests) {
    if (!requests.isEmpty() && !requests.isSkippingToSync()) {
      requests.forward(FrontendType.COPY_FAIL);
    }
    ByteBuf out = server.link().alloc().buffer();
    FrontendWriter.copyFail(out, "the client has disconnected");
    server.send(out);
  }

  /** Ends also the transaction of requests that no Sync has followed: a Sync would commit it. */
  private void rollBack(RequestQueue requests) {
    rollbacks++;
    if (rollbacks > MAX_ROLLBACKS) {
      giveUp();
      return;
    }
    requests.forward(FrontendType.QUERY);
    // A simple query drops the unnamed statement.
    server.statements().setUnnamed(null, 0);
    ByteBuf out = server.link().alloc().buffer();
    FrontendWriter.query(out, "ROLLBACK");
    server.send(out);
  }

  /** Closes the server when its time is over. */
  void checkTime(long nowNs) {
    if (nowNs - sinceNs > MAX_NS) {
      giveUp();
    }
  }

  private void giveUp() {
    if (server.sink() == this) {
      server.attach(null);
      server.close(ServerClose.CLIENT_NOT_READY);
    }
  }

  // ---- what PostgreSQL says

  @Override
  public Link link() {
    return drain;
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  @Override
  public void parameterChanged(int index, String value) {
    // The server has noted it for itself.
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    // There is nothing left to rescue.
  }

  @Override
  public void settled(boolean idle) {
    // The lane is told as well.
  }

  @Override
  public void serverPrepared() {
    step();
  }

  @Override
  public void statementsDropped(long request) {
    // The names of the client are gone with it.
  }

  @Override
  public String toString() {
    return "rescue of " + server;
  }

  /** Where answers go that nobody wants. */
  private final class Drain implements Link {
    private long bytes;

    @Override
    public void write(ByteBuf owned) {
      boolean within = bytes <= MAX_BYTES;
      bytes += owned.readableBytes();
      owned.release();
      if (within && bytes > MAX_BYTES) {
        // The server is in the middle of a read.
        pool.loop().execute(Rescue.this::giveUp);
      }
    }

    @Override
    public void pause(int reason) {}

    @Override
    public void resume(int reason) {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void close() {}

    @Override
    public ByteBufAllocator alloc() {
      return server.link().alloc();
    }
  }
}
