package io.sluice.proxy.auth.hba;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentMapsTest {
  @TempDir private Path directory;

  private HbaRules.Result read(String text) throws IOException {
    Path hba = Files.writeString(directory.resolve("hba"), "local all all peer\n");
    return HbaRules.read(hba, Files.writeString(directory.resolve("ident"), text));
  }

  private IdentMaps maps(String text) throws IOException {
    HbaRules.Result result = read(text);
    assertThat(result).as("%s", result).isInstanceOf(HbaRules.Loaded.class);
    return ((HbaRules.Loaded) result).rules().maps();
  }

  @Test
  void comparesTheNamesThemselvesWithoutAMap() throws IOException {
    IdentMaps maps = maps("");

    assertThat(maps.allows(null, "alice", "alice")).isTrue();
    assertThat(maps.allows(null, "alice", "Alice")).isFalse();
    assertThat(maps.allows("m", "alice", "alice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "m alice bob, alice, bob, true",
        "m alice bob, alice, alice, false",
        "m alice bob, bob, bob, false",
        "other alice bob, alice, bob, false",
        "m alice all, alice, anybody, true",
        "'m alice \"all\"', alice, anybody, false",
        "'m \"a b\" bob', a b, bob, true",
        "m /^(.*)@example[.]com$ \\1, alice@example.com, alice, true",
        "m /^(.*)@example[.]com$ \\1, alice@example.com, bob, false",
        "m /^(.*)@example[.]com$ \\1, alice@other.com, alice, false",
        "m /^(.*)@example[.]com$ u_\\1_x, alice@example.com, u_alice_x, true",
        "m /^(.*)$ \\1, all, anybody, false",
        "m /^svc_ /^app_, svc_1, app_2, true",
        "m /^svc_ /^app_, svc_1, web, false",
        "m /^svc_ all, svc_1, web, true"
      })
  void mapsNames(String line, String systemName, String user, boolean allowed) throws IOException {
    assertThat(maps(line + "\n").allows("m", systemName, user)).isEqualTo(allowed);
  }

  @Test
  void triesEveryLineOfAMap() throws IOException {
    IdentMaps maps = maps("m alice bob\n# comment\nm alice carol\n");

    assertThat(maps.allows("m", "alice", "carol")).isTrue();
    assertThat(maps.allows("m", "alice", "dave")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "m alice, missing entry at end of line",
    "'m alice,bob carol', multiple values in ident field",
    "m /( x, 'invalid regular expression: error parsing regexp: missing closing ): `(`'",
    "m /a \\1, '\\1 needs a group in parentheses in \"/a\"'",
    "m a +b, 'who is a member of which role is not known to a pooler: list the names, or use @file'"
  })
  void refusesTheFileWithThePlaceOfTheMistake(String line, String sentence) throws IOException {
    HbaRules.Result result = read("\n" + line + "\n");

    assertThat(((HbaRules.Refused) result).problems())
        .containsExactly(directory.resolve("ident") + ":2: " + sentence);
  }
}
