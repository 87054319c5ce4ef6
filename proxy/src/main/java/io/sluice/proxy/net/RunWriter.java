package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parts of one read that go on to the other side into as few writes as possible.
 *
 * <p>Neighbouring parts grow into one run. A read that goes on whole is handed over itself; a part
 * of it as a slice; small parts between generated messages are copied together, which costs less
 * than one more entry in a gathering write.
 *
 * <pre>
 *   begin(buf, target)  pass(from, to)…  insert()…  finish()
 * </pre>
 *
 * <p>Confined to its event loop.
 */
@HotPath
public final class RunWriter {
  /** Parts up to this size are copied when a generated message stands beside them. */
  private static final int COPY_BYTES = 2048;

  private static final int INSERT_BYTES = 512;

  private @Nullable ByteBuf source;
  private @Nullable Link target;
  private @Nullable ByteBuf out;
  private int from;
  private int to;

  /** Starts on what was just read; the source stays the caller's until {@link #finish}. */
  public void begin(ByteBuf view, @Nullable Link target) {
    this.source = view;
    this.target = target;
    from = to = view.readerIndex();
  }

  /** Sends the bytes between two indexes of the source on. */
  public void pass(int start, int end) {
    if (start != to) {
      cut();
      from = start;
    } else if (from == to) {
      from = start;
    }
    to = end;
  }

  /** Where a generated message is to be written, in order behind all that was passed before. */
  public ByteBuf insert() {
    if (to > from) {
      cutBeforeInsert();
    }
    ByteBuf buf = out;
    if (buf == null) {
      buf = link().alloc().buffer(INSERT_BYTES);
      out = buf;
    }
    return buf;
  }

  /** Sends what is pending now: the target is about to change. */
  public void switchTarget(@Nullable Link next) {
    flush();
    target = next;
  }

  /** Sends what is pending now. */
  public void flush() {
    cut();
    sendOut();
  }

  /** Says whether anything waits to be sent. */
  public boolean isEmpty() {
    return to == from && out == null;
  }

  /** Sends what is pending; the source is handed on or released. */
  public void finish() {
    ByteBuf buf = source();
    boolean whole = out == null && from == buf.readerIndex() && to == buf.writerIndex();
    if (whole && to > from) {
      link().write(buf);
      forget();
      return;
    }
    cut();
    sendOut();
    forget();
    buf.release();
  }

  /** Sends what is pending but keeps the source: its owner needs the rest of it. */
  public void finishKeepingSource() {
    cut();
    sendOut();
    forget();
  }

  private void forget() {
    source = null;
    target = null;
    from = to = 0;
  }

  private void cutBeforeInsert() {
    if (out == null && to - from <= COPY_BYTES) {
      out = link().alloc().buffer(Math.max(INSERT_BYTES, 2 * (to - from)));
    }
    cut();
  }

  /** Ends the current run. */
  private void cut() {
    int length = to - from;
    if (length == 0) {
      return;
    }
    if (out != null && length <= COPY_BYTES) {
      out.writeBytes(source(), from, length);
    } else {
      sendOut();
      link().write(source().retainedSlice(from, length));
    }
    from = to;
  }

  private void sendOut() {
    ByteBuf buf = out;
    if (buf != null) {
      out = null;
      link().write(buf);
    }
  }

  private ByteBuf source() {
    ByteBuf buf = source;
    if (buf == null) {
      throw new IllegalStateException("run without a source");
    }
    return buf;
  }

  private Link link() {
    Link link = target;
    if (link == null) {
      throw new IllegalStateException("run without a target");
    }
    return link;
  }
}
