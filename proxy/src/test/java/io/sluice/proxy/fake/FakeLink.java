package io.sluice.proxy.fake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.proxy.net.Link;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A sending side that keeps what it is given. */
public final class FakeLink implements Link {
  private final List<String> writes = new ArrayList<>();
  private int lastWrites;

  @Override
  public void write(ByteBuf owned) {
    writes.add(owned.toString(StandardCharsets.ISO_8859_1));
    lastWrites = System.identityHashCode(owned);
    owned.release();
  }

  /** What was written, one string a write. */
  public List<String> writes() {
    return writes;
  }

  /** All that was written. */
  public String all() {
    return String.join("", writes);
  }

  /** Says whether the last write was this very buffer. */
  public boolean wasHandedOver(ByteBuf buf) {
    return lastWrites == System.identityHashCode(buf);
  }

  /** A buffer with a text. */
  public static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
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
    return UnpooledByteBufAllocator.DEFAULT;
  }
}
