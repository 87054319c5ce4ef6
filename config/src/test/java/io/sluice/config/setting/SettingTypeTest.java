package io.sluice.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.value.AuthType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingTypeTest {
  @ParameterizedTest
  @CsvSource({
    "10, 10",
    "+10, 10",
    "0, 0",
    "0x1f, 31",
    "0X1F, 31",
    "0777, 511",
    "00, 0",
    "2147483647, 2147483647"
  })
  void readsIntegersAsCDoes(String text, String printed) {
    assertThat(printed(Settings.MAX_CLIENT_CONN, text, Dialect.INI)).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ten",
        "10s",
        "1 0",
        "0x",
        "09",
        "--1",
        "1e3",
        "10.0",
        "2147483648",
        "-1",
        "٣",
        "99999999999999999999999999"
      })
  void refusesWhatIsNoIntegerWithinBounds(String text) {
    assertThat(refusal(Settings.MAX_CLIENT_CONN, text, Dialect.INI)).isNotEmpty();
  }

  @Test
  void readsConnectionStringsInDecimal() {
    assertThat(printed(Settings.POOL_SIZE, "010", Dialect.CONNECT_STRING)).isEqualTo("10");
    assertThat(refusal(Settings.POOL_SIZE, "0x10", Dialect.CONNECT_STRING)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30",
    "0.5, 0.5",
    ".5, 0.5",
    "5., 5",
    "1e3, 1000",
    "1e6, 1e+06",
    "1234567, 1.23457e+06",
    "604800, 604800",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "0.000001, 1e-06",
    "0, 0",
    "0.1, 0.1",
    "33.333333, 33.3333",
    "99999.95, 99999.9",
    "999999.5, 1e+06"
  })
  void printsTimesAsPercentG(String text, String printed) {
    assertThat(printed(Settings.QUERY_TIMEOUT, text, Dialect.INI)).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource({
    "30, 30",
    "30s, 30",
    "500ms, 0.5",
    "2 min, 120",
    "2m, 120",
    "1.5h, 5400",
    "1d, 86400",
    "250us, 0.00025",
    "7 Seconds, 7"
  })
  void readsUnitsOfTimeInHocon(String text, String printed) {
    assertThat(printed(Settings.QUERY_TIMEOUT, text, Dialect.HOCON)).isEqualTo(printed);
  }

  @Test
  void saysHowToWriteATimeWithoutUnit() {
    assertThat(refusal(Settings.QUERY_TIMEOUT, "2min", Dialect.INI))
        .isEqualTo("units are not understood here (write 120, in seconds)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1e9999", "1e99999", "nan", "inf", "1 2", "5 parsecs", "0x10"})
  void refusesWhatIsNoTime(String text) {
    assertThat(refusal(Settings.QUERY_TIMEOUT, text, Dialect.HOCON)).isNotEmpty();
  }

  @Test
  void keepsTimesToTheMicrosecond() {
    assertThat(Settings.QUERY_TIMEOUT.parse("0.0000014", Dialect.INI))
        .isEqualTo(Parsed.good(Duration.ofNanos(1000)));
  }

  @Test
  void readsWholeSecondsAsAnInteger() {
    assertThat(printed(Settings.STATS_PERIOD, "0x3c", Dialect.INI)).isEqualTo("60");
    assertThat(printed(Settings.STATS_PERIOD, "2min", Dialect.HOCON)).isEqualTo("120");
    assertThat(refusal(Settings.STATS_PERIOD, "0.5", Dialect.INI))
        .isEqualTo("expected whole seconds");
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 4096",
    "4KiB, 4096",
    "4k, 4096",
    "4 kB, 4000",
    "1MiB, 1048576",
    "0.5MiB, 524288",
    "0x1000, 4096"
  })
  void readsUnitsOfSizeInHocon(String text, String printed) {
    assertThat(printed(Settings.PKT_BUF, text, Dialect.HOCON)).isEqualTo(printed);
  }

  @Test
  void refusesUnitsOfSizeInIni() {
    assertThat(refusal(Settings.PKT_BUF, "4KiB", Dialect.INI)).isNotEmpty();
  }

  @Test
  void takesThePacketSizesOfPgBouncerThatAnIntCanNotHold() {
    assertThat(printed(Settings.MAX_PACKET_SIZE, "4294967295", Dialect.INI))
        .isEqualTo("2147483647");
    assertThat(refusal(Settings.MAX_PACKET_SIZE, "4294967296", Dialect.INI)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 1", "-1, 1", "0x0, 0"})
  void readsBooleansAsIntegers(String text, String printed) {
    assertThat(printed(Settings.LOG_STATS, text, Dialect.INI)).isEqualTo(printed);
  }

  @Test
  void readsWordsForBooleansInHoconOnly() {
    assertThat(printed(Settings.LOG_STATS, "On", Dialect.HOCON)).isEqualTo("1");
    assertThat(printed(Settings.LOG_STATS, "no", Dialect.HOCON)).isEqualTo("0");
    assertThat(refusal(Settings.LOG_STATS, "yes", Dialect.INI))
        .isEqualTo("expected 1 or 0 (write 1)");
    assertThat(refusal(Settings.LOG_STATS, "off", Dialect.INI))
        .isEqualTo("expected 1 or 0 (write 0)");
    assertThat(refusal(Settings.LOG_STATS, "maybe", Dialect.HOCON)).isEqualTo("expected 1 or 0");
  }

  @Test
  void readsWordsInAnyCase() {
    assertThat(Settings.AUTH_TYPE.parse("SCRAM-sha-256", Dialect.INI))
        .isEqualTo(Parsed.good(AuthType.SCRAM_SHA_256));
    assertThat(refusal(Settings.POOL_MODE, "sessions", Dialect.INI))
        .isEqualTo("not one of the known words (one of session, transaction, statement)");
  }

  @Test
  void splitsListsAsEachSettingWants() {
    assertThat(Settings.ADMIN_USERS.parse("a, b c,,d ", Dialect.INI))
        .isEqualTo(Parsed.good(List.of("a", "b", "c", "d")));
    assertThat(Settings.LISTEN_ADDR.parse("127.0.0.1, ::1", Dialect.INI))
        .isEqualTo(Parsed.good(List.of("127.0.0.1", "::1")));
    assertThat(Settings.CLIENT_TLS_PROTOCOLS.parse("tlsv1.2:!tlsv1.3", Dialect.INI))
        .isEqualTo(Parsed.good(List.of("tlsv1.2", "!tlsv1.3")));
    assertThat(Settings.LISTEN_ADDR.parse("", Dialect.INI)).isEqualTo(Parsed.good(List.of()));
  }

  @Test
  void boundsNamesInBytes() {
    assertThat(refusal(Settings.DBNAME, "ä".repeat(32), Dialect.CONNECT_STRING))
        .isEqualTo("longer than 63 bytes");
    assertThat(printed(Settings.DBNAME, "ä".repeat(31), Dialect.CONNECT_STRING)).hasSize(31);
  }

  @Test
  void givesTheOperatingSystemIntegers() {
    assertThat(printed(Settings.TCP_KEEPIDLE, "2min", Dialect.HOCON)).isEqualTo("120");
    assertThat(printed(Settings.TCP_USER_TIMEOUT, "1.5s", Dialect.HOCON)).isEqualTo("1500");
    assertThat(refusal(Settings.TCP_KEEPIDLE, "soon", Dialect.HOCON)).isNotEmpty();
    assertThat(refusal(Settings.TCP_KEEPIDLE, "2min", Dialect.INI)).isNotEmpty();
  }

  private static <T> String printed(Setting<T> setting, String text, Dialect dialect) {
    Parsed<T> parsed = setting.parse(text, dialect);
    assertThat(parsed).as(text).isInstanceOf(Parsed.Good.class);
    return setting.print(((Parsed.Good<T>) parsed).value());
  }

  private static <T> String refusal(Setting<T> setting, String text, Dialect dialect) {
    Parsed<T> parsed = setting.parse(text, dialect);
    assertThat(parsed).as(text).isInstanceOf(Parsed.Bad.class);
    Parsed.Bad<T> bad = (Parsed.Bad<T>) parsed;
    return bad.hint() == null ? bad.sentence() : bad.sentence() + " (" + bad.hint() + ')';
  }
}
