package io.sluice.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementLookTest {
  private static final TrackedNames TRACKED = "timezone"::equalsIgnoreCase;

  private final StatementLook look = new StatementLook();

  private int query(String sql) {
    ByteBuf text = Unpooled.copiedBuffer("xx" + sql + "yy", StandardCharsets.UTF_8);
    return look.query(TRACKED, text, 2, text.writerIndex() - 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ";",
        ";;",
        "SELECT 1",
        "select abalance from pgbench_accounts where aid = 1",
        "SELECT pg_backend_pid()",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT settings FROM t",
        "SELECT set_config('a.b', $1, true)",
        "select set_config('a', 'true', true), set_config('b', '', TRUE )",
        "SELECT 'SET x = 1'",
        "INSERT INTO t VALUES ('a; SET x = 1; ')",
        "INSERT INTO t VALUES (E'a\\'; SET x = 1; ')",
        "INSERT INTO t VALUES ('it''s; SET x = 1')",
        "UPDATE t SET \"a;LISTEN b\" = 1",
        "DO $$BEGIN; SET x = 1; END$$",
        "DO $a$ $b$; LISTEN x; $a$",
        "SELECT $1; SELECT $2",
        "SELECT 1 -- ; LISTEN x",
        "SELECT 1 /* ; LISTEN x; /* ; LISTEN y */ ; LISTEN z */",
        "SET LOCAL x = 1",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET CONSTRAINTS ALL DEFERRED",
        "SET TimeZone = 'UTC'",
        "SET SESSION timezone TO 'UTC'",
        "SET TIME ZONE 'UTC'",
        "SET NAMES 'utf8'",
        "SET extra_float_digits = 3",
        "set extra_float_digits TO 2",
        "RESET x",
        "CREATE TABLE t (temp int)",
        "CREATE UNLOGGED TABLE t ()",
        "CREATE OR REPLACE VIEW temp AS SELECT 1",
        "CREATE TEMP TABLE t (n int) ON COMMIT DROP",
        "DECLARE c CURSOR FOR SELECT hold FROM t",
        "DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1",
        "PREPARE TRANSACTION 'x'",
        "LISTENER",
        "COMMIT"
      })
  void leavesNothing(String sql) {
    assertThat(StateKind.words(query(sql))).isEmpty();
    assertThat(query(sql)).isEqualTo(StatementLook.NOTHING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SET x = 1 | parameter",
        "set work_mem to '1MB' | parameter",
        "SET SESSION x = 1 | parameter",
        "SET timezone.x = 1 | parameter",
        "SET extra_float_digits = 0 | parameter",
        "SET extra_float_digits = -15 | parameter",
        "SET ROLE other | parameter",
        "SET SESSION AUTHORIZATION other | parameter",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | parameter",
        "SELECT set_config('x', '1', false) | parameter",
        "SELECT pg_catalog.set_config('x', $1, $2) | parameter",
        "SELECT set_config('x', '1', true), set_config('y', 'true', false) | parameter",
        "CREATE TEMP TABLE t () | temporary",
        "create temporary view v as select 1 | temporary",
        "CREATE OR REPLACE TEMP VIEW v AS SELECT 1 | temporary",
        "CREATE LOCAL TEMPORARY SEQUENCE s | temporary",
        "CREATE TEMP TABLE t (n int) ON COMMIT DELETE ROWS | temporary",
        "LISTEN x | listen",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1 | cursor",
        "declare c no scroll cursor with hold for select 1 | cursor",
        "SELECT pg_advisory_lock(1) | lock",
        "select PG_TRY_ADVISORY_LOCK(1, 2) | lock",
        "SELECT pg_catalog.pg_advisory_lock_shared(1) | lock",
        "SELECT pg_try_advisory_lock_shared(1) | lock",
        "PREPARE s AS SELECT 1 | prepared",
        "LOAD 'auto_explain' | library",
        "SELECT 1; LISTEN x | listen",
        "BEGIN; SET x = 1; LISTEN y; COMMIT | parameter, listen",
        "INSERT INTO t VALUES ('it''s'); SET x = 1 | parameter",
        "DO $$BEGIN; END$$; LISTEN x | listen",
        "SELECT '\\'; LISTEN x | listen",
        "SET LOCAL x = 1; SET y = 1 | parameter"
      })
  void leavesState(String sql, String words) {
    assertThat(StateKind.words(query(sql))).isEqualTo(words);
  }

  @Test
  void knowsWhichParameterSessionAuthorizationIs() {
    ByteBuf text = Unpooled.copiedBuffer("SET SESSION AUTHORIZATION x", StandardCharsets.UTF_8);
    int found =
        new StatementLook().query("session_authorization"::equals, text, 0, text.writerIndex());
    assertThat(found).isEqualTo(StatementLook.NOTHING);
  }

  @Test
  void looksBehindComments() {
    assertThat(query("/* a /* b */ c */ -- LOAD\n LISTEN x")).isEqualTo(StateKind.LISTEN.bit());
  }

  @Test
  void seesThatALockIsGivenBack() {
    assertThat(query("SELECT pg_advisory_unlock(1)")).isEqualTo(StatementLook.UNLOCKS);
    assertThat(query("SELECT pg_advisory_unlock_shared(1)")).isEqualTo(StatementLook.UNLOCKS);
  }

  @Test
  void readsNothingBeyondTheTextAndComesToAnEnd() {
    String[] parts = {
      "SET",
      "SELECT",
      "CREATE",
      " ",
      "'",
      "\"",
      "$",
      "$a$",
      "E'",
      "\\",
      ";",
      "--",
      "/*",
      "*/",
      "\n",
      "set_config",
      "(",
      ")",
      "true",
      "TEMP",
      "x",
      "é",
      "DECLARE",
      "WITH",
      "HOLD"
    };
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder sql = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        sql.append(parts[random.nextInt(parts.length)]);
      }
      byte[] text = sql.toString().getBytes(StandardCharsets.UTF_8);
      ByteBuf exact = Unpooled.wrappedBuffer(text);
      ByteBuf longer =
          Unpooled.wrappedBuffer(text, " ; LISTEN x' $a$ */".getBytes(StandardCharsets.UTF_8));
      assertThat(look.query(TRACKED, longer, 0, text.length))
          .as("seed %s: %s", seed, sql)
          .isEqualTo(look.query(TRACKED, exact, 0, text.length));
    }
  }
}
