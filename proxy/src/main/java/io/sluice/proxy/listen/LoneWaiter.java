package io.sluice.proxy.listen;

import io.netty.buffer.ByteBuf;
import io.sluice.proxy.net.DeafLink;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.pool.WaitTicket;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.server.Guest;
import io.sluice.proxy.server.Replication;
import java.util.Map;

/**
 * What a waiter that is no client has to say: it runs no queries that anybody times, and has
 * nothing to be told. Confined to its event loop.
 */
abstract class LoneWaiter implements Waiter, Guest {
  private final WaitTicket ticket = new WaitTicket(this);
  private final long sinceNs;

  LoneWaiter(LoopContext loop) {
    this.sinceNs = loop.nowNs();
  }

  @Override
  public Guest guest() {
    return this;
  }

  @Override
  public Map<String, String> startup() {
    return Map.of("client_encoding", "UTF8", "application_name", "sluice: listen");
  }

  @Override
  public Replication replication() {
    return Replication.NONE;
  }

  @Override
  public void told(ByteBuf view, int start, int length) {}

  @Override
  public Link link() {
    return DeafLink.INSTANCE;
  }

  @Override
  public WaitTicket ticket() {
    return ticket;
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return false;
  }

  @Override
  public long requestedNs() {
    return sinceNs;
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  @Override
  public void serverReleased() {}
}
