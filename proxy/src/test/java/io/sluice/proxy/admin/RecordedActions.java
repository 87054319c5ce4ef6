package io.sluice.proxy.admin;

import io.sluice.config.setting.Setting;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;
import io.sluice.proxy.lifecycle.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Remembers what the console wants, and keeps those waiting who wait. */
final class RecordedActions implements ConsoleActions {
  /** Whose databases are paused and resumed. */
  volatile @Nullable Proxy proxy;

  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Waiting> waiting = new CopyOnWriteArrayList<>();
  volatile boolean paused;
  volatile boolean suspended;
  volatile boolean shuttingDown;
  volatile @Nullable String failure;

  private void note(String call, @Nullable String database) {
    calls.add(call + (database == null ? "" : " " + database));
  }

  @Override
  public void reload(Consumer<@Nullable String> told) {
    note("reload", null);
    told.accept(failure);
  }

  @Override
  public void set(Setting<?> setting, String text, Consumer<@Nullable String> told) {
    calls.add("set " + setting.name() + " " + text);
    told.accept(failure);
  }

  @Override
  public boolean isPaused() {
    return paused;
  }

  private void setPaused(String name, boolean paused) {
    Proxy running = proxy;
    Database database = running == null ? null : running.pools().catalog().peekDatabase(name);
    if (database != null) {
      database.setPaused(paused);
    }
  }

  @Override
  public boolean isSuspended() {
    return suspended;
  }

  @Override
  public boolean isShuttingDown() {
    return shuttingDown;
  }

  @Override
  public void pauseAll() {
    paused = true;
    note("pauseAll", null);
  }

  @Override
  public void pause(String database) {
    setPaused(database, true);
    note("pause", database);
  }

  @Override
  public void suspend() {
    suspended = true;
    note("suspend", null);
  }

  @Override
  public void resumeAll() {
    paused = false;
    suspended = false;
    note("resumeAll", null);
  }

  @Override
  public void resume(String database) {
    setPaused(database, false);
    note("resume", database);
  }

  @Override
  public void whenPaused(@Nullable String database, Waiting who) {
    waiting.add(who);
    note("whenPaused", database);
  }

  @Override
  public void whenSuspended(Waiting who) {
    waiting.add(who);
    note("whenSuspended", null);
  }

  @Override
  public void whenClosed(@Nullable String database, Waiting who) {
    waiting.add(who);
    note("whenClosed", database);
  }

  @Override
  public void forget(Waiting who) {
    waiting.remove(who);
    note("forget", null);
  }

  @Override
  public void killAll() {
    note("killAll", null);
  }

  @Override
  public void kill(String database) {
    note("kill", database);
  }

  @Override
  public void disable(String database) {
    note("disable", database);
  }

  @Override
  public void enable(String database) {
    note("enable", database);
  }

  @Override
  public void reconnect(@Nullable String database) {
    note("reconnect", database);
  }

  @Override
  public void shutdownNow() {
    note("shutdownNow", null);
  }

  @Override
  public void shutdownWaitForServers() {
    note("shutdownWaitForServers", null);
  }

  @Override
  public void shutdownWaitForClients() {
    note("shutdownWaitForClients", null);
  }

  @Override
  public HbaRules rules() {
    return HbaRules.NONE;
  }
}
