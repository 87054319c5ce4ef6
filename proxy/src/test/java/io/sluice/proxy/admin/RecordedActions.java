package io.sluice.proxy.admin;

import io.sluice.config.setting.Setting;
import io.sluice.proxy.auth.hba.HbaRules;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.lifecycle.ConsoleActions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what the console wants, and keeps those waiting who wait. */
final class RecordedActions implements ConsoleActions {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Waiting> waiting = new CopyOnWriteArrayList<>();
  volatile boolean paused;
  volatile boolean suspended;
  volatile boolean shuttingDown;
  volatile @Nullable String failure;

  private void note(String call, @Nullable Database database) {
    calls.add(call + (database == null ? "" : " " + database.name()));
  }

  @Override
  public @Nullable String reload() {
    note("reload", null);
    return failure;
  }

  @Override
  public @Nullable String set(Setting<?> setting, String text) {
    calls.add("set " + setting.name() + " " + text);
    return failure;
  }

  @Override
  public boolean isPaused() {
    return paused;
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
  public void pause(Database database) {
    database.setPaused(true);
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
  public void resume(Database database) {
    database.setPaused(false);
    note("resume", database);
  }

  @Override
  public void whenPaused(@Nullable Database database, Waiting who) {
    waiting.add(who);
    note("whenPaused", database);
  }

  @Override
  public void whenSuspended(Waiting who) {
    waiting.add(who);
    note("whenSuspended", null);
  }

  @Override
  public void whenClosed(@Nullable Database database, Waiting who) {
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
  public void kill(Database database) {
    note("kill", database);
  }

  @Override
  public void disable(Database database) {
    note("disable", database);
  }

  @Override
  public void enable(Database database) {
    note("enable", database);
  }

  @Override
  public void reconnect(@Nullable Database database) {
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
