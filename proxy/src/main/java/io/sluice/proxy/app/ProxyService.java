package io.sluice.proxy.app;

import io.sluice.proxy.lifecycle.Activity;
import io.sluice.proxy.lifecycle.Proxy;
import java.io.IOException;

/**
 * A proxy as the process around it sees it.
 *
 * @param proxy the pooler
 */
record ProxyService(Proxy proxy) implements Service {
  /** How long a fast exit may take: then the process ends without closing anything. */
  private static final long EXIT_MS = 1000;

  @Override
  public void start() throws IOException {
    proxy.start();
  }

  @Override
  public String transport() {
    return proxy.transport();
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    proxy.awaitEnd();
  }

  @Override
  public Activity activity() {
    return proxy.activity();
  }

  @Override
  public void reload(Runnable ended) {
    proxy.reload(failure -> ended.run());
  }

  @Override
  public void pause() {
    proxy.pause();
  }

  @Override
  public void resume() {
    proxy.resume();
  }

  @Override
  public void shutDownWithoutClients() {
    proxy.shutDownWithoutClients();
  }

  @Override
  public void shutDownWithoutServers() {
    proxy.shutDownWithoutServers();
  }

  /** Ends in order if that is quick, and in any case. */
  @Override
  public void exitNow() {
    proxy.shutDownNow();
    Thread last = new Thread(ProxyService::exitAnyway, "exit");
    last.setDaemon(true);
    last.start();
  }

  private static void exitAnyway() {
    try {
      Thread.sleep(EXIT_MS);
    } catch (InterruptedException ended) {
      return;
    }
    System.exit(0);
  }
}
