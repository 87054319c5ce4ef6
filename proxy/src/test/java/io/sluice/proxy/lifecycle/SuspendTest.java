package io.sluice.proxy.lifecycle;

import static io.sluice.proxy.lifecycle.TestProxy.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuspendTest {
  @TempDir private Path directory;

  @Test
  void endsWhoIsNotStillWithinSuspendTimeout() throws IOException {
    try (SelfRunningPostgres postgres = SelfRunningPostgres.start();
        TestProxy proxy =
            TestProxy.start(
                directory, "db = host=127.0.0.1 port=" + postgres.port(), "suspend_timeout = 1");
        TestClient busy = proxy.login("db", "alice");
        TestClient still = proxy.login("db", "alice")) {
      busy.sendQuery("hold");
      await("the query runs", () -> postgres.holding() == 1);

      proxy.run(() -> proxy.proxy().actions().suspend());

      assertThat(busy.awaitReady()).isEqualTo("E[08P01 suspend_timeout]<end>");
      proxy.run(() -> proxy.proxy().actions().resumeAll());
      assertThat(still.query("SELECT 1")).isEqualTo("CZI");
    }
  }
}
