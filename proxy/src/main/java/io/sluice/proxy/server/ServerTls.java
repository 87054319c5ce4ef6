package io.sluice.proxy.server;

import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.tls.TlsSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server whose connection is to be encrypted. Confined to its event loop. */
record ServerTls(Server server, LoopContext loop) implements TlsPhase.Applicant {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  @Override
  public void secured(TlsSession session) {
    if (server.log().mayLogOpening(loop.nowNs())) {
      log.info("{} SSL established: {}", server.logName(), session.text());
    }
  }

  @Override
  public void failed(ServerClose why, String text) {
    if (why == ServerClose.TLS_FAILED && server.log().mayLog(loop.nowNs())) {
      log.warn("{} {}", server.logName(), text);
    }
    server.close(why, text);
  }
}
