package io.sluice.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class LaunchTest {
  @Test
  void knowsWhatTheLauncherPrepared() {
    Properties properties = new Properties();
    properties.setProperty("sluice.file3", "free");
    properties.setProperty("sluice.up.pipe", "4");
    assertThat(Launch.of(properties)).isEqualTo(new Launch(true, 4));
  }

  @Test
  void countsOnNothingWithoutALauncher() {
    assertThat(Launch.of(new Properties())).isEqualTo(new Launch(false, -1));
  }
}
