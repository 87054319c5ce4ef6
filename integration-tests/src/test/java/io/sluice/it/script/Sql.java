package io.sluice.it.script;

import java.util.List;
import java.util.Random;

/**
 * A statement of generated scripts. None leaves more behind in a session than a pooler follows, and
 * no answer depends on time, on other clients or on what was played before.
 *
 * @param text the statement
 * @param parameters what Bind sends for it
 */
record Sql(String text, List<String> parameters) {
  private static final Sql[] PLAIN = {
    of("SELECT 1"),
    of("SELECT $1::int + 1", "41"),
    of("SELECT $1::text, $2::int", "a", "2"),
    of("SELECT generate_series(1, 5)"),
    of("VALUES (1), (2), (3)"),
    of("SELECT 10 / (random()::int * 0 + $1::int)", "5"),
    of("INSERT INTO script VALUES (1), (2) RETURNING n"),
    of("INSERT INTO script VALUES ($1)", "7"),
    of("SHOW application_name"),
    of("SELECT current_setting('DateStyle')"),
    of("COPY (VALUES (1), (2)) TO STDOUT"),
    of(""),
  };

  private static final Sql[] TRANSACTION = {
    of("BEGIN"),
    of("BEGIN"),
    of("COMMIT"),
    of("ROLLBACK"),
    of("COMMIT"),
    of("ROLLBACK"),
    of("SAVEPOINT a"),
    of("ROLLBACK TO a"),
    of("DECLARE c CURSOR FOR VALUES (1), (2)"),
    of("FETCH 1 FROM c"),
  };

  private static final Sql[] WRONG = {
    of("SELECT 1/0"),
    of("SELEC 1"),
    of("SELECT * FROM missing"),
    of("SELECT 10 / (random()::int * 0 + $1::int)", "0"),
    of("SELECT 1; SELECT 2"),
    of("SELECT $1::int", "x"),
    of("SELECT generate_series(1, 3) / 0"),
    of("SELECT 6 / (2 - generate_series(1, 3))"),
  };

  private static final Sql[] SESSION = {
    of("SET application_name = 'one'"),
    of("SET application_name = 'two'"),
    of("SET DateStyle = 'SQL, DMY'"),
    of("RESET DateStyle"),
    of("SET LOCAL application_name = 'local'"),
    of("DEALLOCATE ALL"),
    of("DISCARD ALL"),
  };

  private static Sql of(String text, String... parameters) {
    return new Sql(text, List.of(parameters));
  }

  /** Chooses one, plain ones most often. */
  static Sql any(Random random) {
    int kind = random.nextInt(20);
    if (kind < 11) {
      return one(PLAIN, random);
    }
    if (kind < 15) {
      return one(TRANSACTION, random);
    }
    return one(kind < 18 ? WRONG : SESSION, random);
  }

  private static Sql one(Sql[] all, Random random) {
    return all[random.nextInt(all.length)];
  }
}
