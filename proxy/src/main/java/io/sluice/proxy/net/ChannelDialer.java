package io.sluice.proxy.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.SocketAddress;

/** Makes connections on Netty channels. Confined to its event loop. */
final class ChannelDialer implements Dialer {
  private final LoopContext loop;
  private final Transport transport;

  ChannelDialer(LoopContext loop, Transport transport) {
    this.loop = loop;
    this.transport = transport;
  }

  @Override
  public void connect(
      SocketAddress address, boolean unix, SocketTuning tuning, long timeoutMs, Outcome outcome) {
    new Bootstrap()
        .group(loop.loop())
        .channel(unix ? transport.unixChannel() : transport.tcpChannel())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Integer.MAX_VALUE, timeoutMs))
        .option(ChannelOption.AUTO_READ, false)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                // The handler is added when the connection stands.
              }
            })
        .connect(address)
        .addListener((ChannelFuture made) -> finished(made, tuning, outcome));
  }

  private void finished(ChannelFuture made, SocketTuning tuning, Outcome outcome) {
    loop.tick();
    if (!made.isSuccess()) {
      outcome.failed(made.cause());
    } else {
      attach(made.channel(), tuning, outcome);
    }
    loop.endTurn();
  }

  private void attach(Channel channel, SocketTuning tuning, Outcome outcome) {
    try {
      tuning.apply(channel);
    } catch (RuntimeException refused) {
      channel.close();
      outcome.failed(refused);
      return;
    }
    outcome.connected(new PgConnection(loop, new ChannelCarrier(loop, channel)));
    channel.config().setAutoRead(true);
  }
}
