package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.net.Phase;

/**
 * A client whose login waits for somebody else: auth_query, a name server. It is not read from;
 * what it has sent already is kept for the phase that follows. Confined to its event loop.
 */
final class HoldPhase implements Phase {
  private final Client client;

  HoldPhase(Client client) {
    this.client = client;
  }

  /** Stops reading until another phase is entered and reading is resumed. */
  void enter() {
    client.connection().enter(this);
    client.holdReading();
  }

  @Override
  public void onRead(ByteBuf owned) {
    client.inbox().append(owned, client.link().alloc());
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.PROTOCOL_VIOLATION, sqlState, text);
  }

  @Override
  public void onClosed(String cause) {
    client.close(ClientClose.LOST);
  }
}
