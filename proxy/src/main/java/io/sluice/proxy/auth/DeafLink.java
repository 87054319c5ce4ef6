package io.sluice.proxy.auth;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.proxy.net.Link;

/** The sending side of nobody: auth_query reads its rows itself, and nothing is passed on. */
enum DeafLink implements Link {
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
