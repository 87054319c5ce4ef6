package io.sluice.proxy.lifecycle;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was asked to do. */
final class FakeActions implements SignalActions {
  final List<String> calls = new CopyOnWriteArrayList<>();
  volatile Activity activity = Activity.RUNNING;

  @Override
  public Activity activity() {
    return activity;
  }

  @Override
  public void reload(Runnable ended) {
    calls.add("reload");
    ended.run();
  }

  @Override
  public void pause() {
    calls.add("pause");
  }

  @Override
  public void resume() {
    calls.add("resume");
  }

  @Override
  public void shutDownWithoutClients() {
    calls.add("without clients");
  }

  @Override
  public void shutDownWithoutServers() {
    calls.add("without servers");
  }

  @Override
  public void exitNow() {
    calls.add("exit");
  }
}
