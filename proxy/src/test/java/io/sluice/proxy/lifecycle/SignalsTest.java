package io.sluice.proxy.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.proxy.os.DatagramInbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SignalsTest {
  @TempDir Path dir;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Signals.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final FakeActions actions = new FakeActions();
  private final Signals signals = new Signals(actions, SystemdNotify.in(Map.of()));

  @BeforeEach
  void listen() {
    log.start();
    logger.setAdditive(false);
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void hangupReloads() {
    signals.onHangup();
    assertThat(actions.calls).containsExactly("reload");
    assertLogged("got SIGHUP, re-reading config");
  }

  @Test
  void terminateWaitsForClientsAndTheSecondEndsAtOnce() {
    signals.onTerminate();
    actions.activity = Activity.SHUTTING_DOWN;
    signals.onTerminate();
    assertThat(actions.calls).containsExactly("without clients", "exit");
    assertLogged(
        "got SIGTERM, shutting down, waiting for all clients disconnect",
        "got SIGTERM while shutting down, fast exit");
  }

  @Test
  void interruptWaitsForServersAndTheSecondEndsAtOnce() {
    actions.activity = Activity.PAUSED;
    signals.onInterrupt();
    actions.activity = Activity.SHUTTING_DOWN;
    signals.onInterrupt();
    assertThat(actions.calls).containsExactly("without servers", "exit");
    assertLogged(
        "got SIGINT, shutting down, waiting for all servers connections to be released",
        "got SIGINT while shutting down, fast exit");
  }

  @Test
  void endsAtOnceDuringSuspend() {
    actions.activity = Activity.SUSPENDED;
    signals.onTerminate();
    assertThat(actions.calls).containsExactly("exit");
    assertLogged(
        "got SIGTERM, shutting down, waiting for all clients disconnect",
        "suspend was in progress, going down immediately");
  }

  @Test
  void quitEndsAtOnceWhateverIsGoingOn() throws InterruptedException {
    synchronized (signals) {
      Thread quit = new Thread(signals::onQuit);
      quit.start();
      quit.join(10_000);
      assertThat(actions.calls).containsExactly("exit");
    }
    assertLogged("got SIGQUIT, fast exit");
  }

  @Test
  void user1PausesUnlessThatIsDone() {
    signals.onUser1();
    actions.activity = Activity.PAUSED;
    signals.onUser1();
    actions.activity = Activity.SUSPENDED;
    signals.onUser1();
    assertThat(actions.calls).containsExactly("pause");
    assertLogged(
        "got SIGUSR1, pausing all activity",
        "got SIGUSR1, but already paused/suspended",
        "got SIGUSR1, but already paused/suspended");
  }

  @Test
  void user2ResumesOnlyWhatWasStopped() {
    signals.onUser2();
    actions.activity = Activity.SHUTTING_DOWN;
    signals.onUser2();
    assertThat(actions.calls).isEmpty();
    actions.activity = Activity.PAUSED;
    signals.onUser2();
    actions.activity = Activity.SUSPENDED;
    signals.onUser2();
    assertThat(actions.calls).containsExactly("resume", "resume");
    assertLogged(
        "got SIGUSR2, but not paused/suspended",
        "got SIGUSR2 while shutting down, ignoring",
        "got SIGUSR2, continuing from PAUSE",
        "got SIGUSR2, continuing from SUSPEND");
  }

  @Test
  void keepsSystemdInformed() {
    String path = dir.resolve("notify").toString();
    try (DatagramInbox inbox = new DatagramInbox(path)) {
      Signals watched = new Signals(actions, SystemdNotify.in(Map.of("NOTIFY_SOCKET", path)));
      watched.onHangup();
      watched.onTerminate();
      assertThat(inbox.next()).startsWith("RELOADING=1\n");
      assertThat(inbox.next()).isEqualTo("READY=1");
      assertThat(inbox.next()).isEqualTo("STOPPING=1");
    }
  }

  private void assertLogged(String... lines) {
    List<String> messages = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    assertThat(messages).containsExactly(lines);
  }
}
