package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** The sending side of nobody: who reads a server himself is passed nothing. */
public enum DeafLink implements Link {
  INSTANCE;

  @Override
  public void write(ByteBuf owned) {
    owned.release();
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
