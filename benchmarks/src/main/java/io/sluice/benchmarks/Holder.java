package io.sluice.benchmarks;

import io.sluice.proxy.net.Link;
import io.sluice.proxy.pool.WaitTicket;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import java.util.concurrent.CompletableFuture;

/** Whoever leases servers without a connection of its own: nothing is sent in these benchmarks. */
final class Holder implements Waiter {
  private final WaitTicket ticket = new WaitTicket(this);
  private final CompletableFuture<Server> first = new CompletableFuture<>();

  /** The server that was waited for. */
  CompletableFuture<Server> first() {
    return first;
  }

  @Override
  public void leased(Server server) {
    first.complete(server);
  }

  @Override
  public void refused(Refusal refusal) {
    first.completeExceptionally(new IllegalStateException(refusal.toString()));
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    first.completeExceptionally(new IllegalStateException(text));
  }

  @Override
  public WaitTicket ticket() {
    return ticket;
  }

  @Override
  public Link link() {
    throw new UnsupportedOperationException("no server answers here");
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return false;
  }

  @Override
  public long requestedNs() {
    return 0;
  }

  @Override
  public void serverReleased() {}
}
