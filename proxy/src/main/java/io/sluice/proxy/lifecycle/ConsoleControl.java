package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Setting;
import io.sluice.proxy.auth.hba.HbaRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries the console's commands out. To be called on the first event loop, while it is alone. */
final class ConsoleControl implements ConsoleActions {
  private final Proxy proxy;
  private final Reloader reloader;
  private final PauseControl pauses;
  private final List<Pending> pending = new ArrayList<>();

  /** A console client that waits for a pause which RESUME may take back. */
  private record Pending(@Nullable String database, Waiting waiting) {}

  ConsoleControl(Proxy proxy, Reloader reloader, PauseControl pauses) {
    this.proxy = proxy;
    this.reloader = reloader;
    this.pauses = pauses;
  }

  @Override
  public void reload(Consumer<@Nullable String> told) {
    reloader.reload(told);
  }

  @Override
  public void set(Setting<?> setting, String text, Consumer<@Nullable String> told) {
    reloader.set(setting, text, told);
  }

  @Override
  public boolean isPaused() {
    return pauses.isPaused();
  }

  @Override
  public boolean isSuspended() {
    return pauses.isSuspended();
  }

  @Override
  public boolean isShuttingDown() {
    return proxy.isShuttingDown();
  }

  @Override
  public void pauseAll() {
    pauses.pauseAll();
  }

  @Override
  public void pause(String database) {
    pauses.pause(database);
  }

  @Override
  public void suspend() {
    pauses.suspend();
  }

  @Override
  public void resumeAll() {
    pauses.resumeAll();
    undo(null);
  }

  @Override
  public void resume(String database) {
    pauses.resume(database);
    undo(database);
  }

  private void undo(@Nullable String database) {
    for (Pending entry : List.copyOf(pending)) {
      if (Objects.equals(entry.database(), database)) {
        forget(entry.waiting());
        entry.waiting().undone();
      }
    }
  }

  @Override
  public void whenPaused(@Nullable String database, Waiting waiting) {
    wait(database, waiting, () -> pauses.isQuiet(database));
  }

  @Override
  public void whenSuspended(Waiting waiting) {
    wait(null, waiting, pauses::isStill);
  }

  private void wait(@Nullable String database, Waiting waiting, BooleanSupplier reached) {
    Pending entry = new Pending(database, waiting);
    pending.add(entry);
    pauses.when(
        reached,
        waiting,
        () -> {
          pending.remove(entry);
          waiting.done();
        });
  }

  @Override
  public void whenClosed(@Nullable String database, Waiting waiting) {
    pauses.when(() -> pauses.isReplaced(database), waiting, waiting::done);
  }

  @Override
  public void forget(Waiting waiting) {
    pending.removeIf(entry -> entry.waiting() == waiting);
    pauses.forget(waiting);
  }

  @Override
  public void killAll() {
    pauses.killAll();
  }

  @Override
  public void kill(String database) {
    pauses.kill(database);
  }

  @Override
  public void disable(String database) {
    pauses.setDisabled(database, true);
  }

  @Override
  public void enable(String database) {
    pauses.setDisabled(database, false);
  }

  @Override
  public void reconnect(@Nullable String database) {
    pauses.reconnect(database);
  }

  @Override
  public void shutdownNow() {
    proxy.shutDownNow();
  }

  @Override
  public void shutdownWaitForServers() {
    proxy.shutDownWithoutServers();
  }

  @Override
  public void shutdownWaitForClients() {
    proxy.shutDownWithoutClients();
  }

  @Override
  public HbaRules rules() {
    return proxy.rules();
  }
}
