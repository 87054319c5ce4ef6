package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.HotPath;

/**
 * What a client has last prepared without a name. PostgreSQL keeps it over Sync and transactions,
 * so a client may use it on a server that never saw it.
 *
 * <p>Also the token by which a server knows whose unnamed statement it has. Confined to the event
 * loop.
 */
@HotPath
public final class UnnamedStatement {
  /** That of every client which has never prepared without a name: none. It does not change. */
  static final UnnamedStatement NONE = new UnnamedStatement();

  /** Longer ones are not kept: a copy of each would cost more than the few that need one. */
  public static final int MAX_BYTES = 16 << 10;

  private static final int FIRST_BYTES = 256;
  private static final byte[] NOTHING = {};

  private byte[] body = NOTHING;
  private int length;
  private boolean known;
  private int unanswered;

  /**
   * Keeps what a Parse without a name says.
   *
   * @param view buffer that holds {@code cstr query | int16 n | n × int32 type}
   * @param isWhole whether it holds all of that
   */
  public void set(ByteBuf view, int index, int length, boolean isWhole) {
    if (length > MAX_BYTES || !isWhole) {
      forget();
      return;
    }
    if (body.length < length) {
      body = new byte[Math.max(FIRST_BYTES, Integer.highestOneBit(length) << 1)];
    }
    view.getBytes(index, body, 0, length);
    this.length = length;
    known = true;
  }

  /** A Parse without a name is sent. */
  public void parsing() {
    unanswered++;
  }

  /** It has succeeded. */
  public void parsed() {
    unanswered--;
  }

  /**
   * It has failed, or was skipped: unless another one is on its way, nobody knows what there is.
   */
  public void skipped() {
    unanswered--;
    if (unanswered == 0) {
      forget();
    }
  }

  /** There is none, or none that could be sent to another server. */
  public void forget() {
    if (known) {
      known = false;
    }
  }

  /** Gives the memory back: the client is gone. */
  void discard() {
    body = NOTHING;
    known = false;
  }

  /** Says whether it can be sent to a server. */
  public boolean isKnown() {
    return known;
  }

  /** Bytes of {@link #writeTo}. */
  public int length() {
    return length;
  }

  /** Writes what followed the empty name in the Parse. */
  public void writeTo(ByteBuf out) {
    out.writeBytes(body, 0, length);
  }
}
