package io.sluice.protocol.md5;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Md5PasswordTest {
  @Test
  void hashesPasswordAndUserAsPostgresStoresThem() {
    assertThat(Md5Password.hash("pencil", "alice"))
        .isEqualTo("md5ee69efad287c7423caf0b3229d71f567");
    assertThat(Md5Password.hash("", "")).isEqualTo("md5d41d8cd98f00b204e9800998ecf8427e");
    assertThat(Md5Password.hash("pä", "é")).isEqualTo("md55d7d08254f376bcc9b46e61d4ba5b319");
  }

  @Test
  void answersAChallenge() {
    byte[] salt = {(byte) 0x93, 0, (byte) 0xff, 0x41};
    assertThat(Md5Password.answer("md5ee69efad287c7423caf0b3229d71f567", salt))
        .isEqualTo("md51cd7115b28194d59e6458f68ea01ee36");
  }

  @Test
  void answersEachSaltDifferently() {
    String secret = Md5Password.hash("pencil", "alice");
    assertThat(Md5Password.answer(secret, new byte[] {1, 2, 3, 4}))
        .hasSize(35)
        .startsWith("md5")
        .isNotEqualTo(Md5Password.answer(secret, new byte[] {1, 2, 3, 5}));
  }
}
