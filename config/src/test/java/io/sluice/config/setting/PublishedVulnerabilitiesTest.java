package io.sluice.config.setting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The shapes of PgBouncer's published vulnerabilities, as far as they are a matter of defaults. */
class PublishedVulnerabilitiesTest {
  @Test
  void cve20252291DefaultAuthQueryIgnoresValidUntil() {
    assertThat(Settings.AUTH_QUERY.defaultText())
        .contains("rolvaliduntil < now() THEN NULL")
        .contains("rolcanlogin")
        .contains("rolname=$1");
  }
}
