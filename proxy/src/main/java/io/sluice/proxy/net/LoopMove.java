package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection on its way from one event loop to another.
 *
 * <pre>
 *   old loop                                  new loop
 *   stops reading ─→ out of its epoll ─────→  a new PgConnection, given its phase
 *        what is read meanwhile is kept ───→  handed to that phase
 * </pre>
 *
 * <p>The connection must be quiescent: nothing of what was written to it waits to be sent. The old
 * {@link PgConnection} is of no use any more; its peer notices nothing.
 */
public final class LoopMove implements Phase {
  private final PgConnection connection;
  private final LoopContext to;
  private final Consumer<PgConnection> arrived;
  private @Nullable ByteBuf luggage;

  private LoopMove(PgConnection connection, LoopContext to, Consumer<PgConnection> arrived) {
    this.connection = connection;
    this.to = to;
    this.arrived = arrived;
  }

  /**
   * Sends a connection to another loop.
   *
   * @param arrived called on the other loop; must give the connection its phase, or close it
   */
  public static void begin(
      PgConnection connection, LoopContext to, Consumer<PgConnection> arrived) {
    new LoopMove(connection, to, arrived).leave();
  }

  /**
   * The same, with bytes that the phase on the other loop is to read first.
   *
   * @param owned those bytes
   */
  public static void begin(
      PgConnection connection, ByteBuf owned, LoopContext to, Consumer<PgConnection> arrived) {
    LoopMove move = new LoopMove(connection, to, arrived);
    move.luggage = owned;
    move.leave();
  }

  private void leave() {
    connection.enter(this);
    connection.pause(Link.HELD);
    connection.depart(to, this::arrive);
  }

  private void arrive(PgConnection there) {
    ByteBuf first = luggage;
    luggage = null;
    there.start();
    arrived.accept(there);
    there.goOn(first == null ? Unpooled.EMPTY_BUFFER : first);
  }

  @Override
  public void onRead(ByteBuf owned) {
    ByteBuf before = luggage;
    if (before == null) {
      luggage = connection.alloc().buffer(owned.readableBytes()).writeBytes(owned);
    } else {
      before.writeBytes(owned);
    }
    owned.release();
  }

  /** The other loop finds out by itself. */
  @Override
  public void onViolation(String sqlState, String text) {}

  @Override
  public void onClosed(String cause) {}
}
