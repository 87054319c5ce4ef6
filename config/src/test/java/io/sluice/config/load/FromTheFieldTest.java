package io.sluice.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PoolMode;
import io.sluice.config.value.ProxyConfig;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A file that somebody runs PgBouncer with. */
final class FromTheFieldTest {
  @Test
  void loadsUnchangedAndWithoutProblems() throws URISyntaxException {
    Path file =
        Path.of(Objects.requireNonNull(getClass().getResource("from-the-field.ini")).toURI());

    Result result = ConfigLoader.load(file, Map.of());

    assertThat(Loads.warnings(result)).isEmpty();
    ProxyConfig config = Loads.good(result);
    assertThat(config.values().get(Settings.LISTEN_ADDR)).containsExactly("127.0.0.1");
    assertThat(config.values().get(Settings.POOL_MODE)).isEqualTo(PoolMode.TRANSACTION);
    assertThat(config.values().get(Settings.CLIENT_IDLE_TIMEOUT)).isEqualTo(Duration.ofHours(1));
    assertThat(config.values().print(Settings.CONFFILE)).isEqualTo(file.toString());
    DatabaseConfig database = Objects.requireNonNull(config.database("edgar_auto_shop"));
    assertThat(database.hosts().hosts()).containsExactly("localhost");
    assertThat(database.user()).isEqualTo("app_user");
    assertThat(config.poolSize(null, database)).isEqualTo(25);
  }
}
