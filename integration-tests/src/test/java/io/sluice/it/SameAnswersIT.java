package io.sluice.it;

import static io.sluice.it.script.Burst.sends;
import static io.sluice.it.script.Request.badCopyData;
import static io.sluice.it.script.Request.bind;
import static io.sluice.it.script.Request.call;
import static io.sluice.it.script.Request.closePortal;
import static io.sluice.it.script.Request.closeStatement;
import static io.sluice.it.script.Request.copyData;
import static io.sluice.it.script.Request.copyDone;
import static io.sluice.it.script.Request.copyFail;
import static io.sluice.it.script.Request.describePortal;
import static io.sluice.it.script.Request.describeStatement;
import static io.sluice.it.script.Request.execute;
import static io.sluice.it.script.Request.flush;
import static io.sluice.it.script.Request.parse;
import static io.sluice.it.script.Request.query;
import static io.sluice.it.script.Request.raw;
import static io.sluice.it.script.Request.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.it.script.Burst;
import io.sluice.it.script.Play;
import io.sluice.it.script.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What drivers rely on, and what no driver should do: answered as PostgreSQL answers it. */
@ExtendWith(PostgresExtension.class)
class SameAnswersIT {
  private static final String COPY = "COPY script FROM STDIN";
  private static final String NAME_63 = "n".repeat(63);

  private static ScriptTargets targets;

  @BeforeAll
  static void start(EmbeddedPostgres postgres) throws Exception {
    targets = ScriptTargets.start(postgres);
  }

  @AfterAll
  static void stop() throws Exception {
    targets.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"statements", "errors", "pipelines", "unnamed", "portals", "simple", "copies"})
  void isAnsweredAsPostgresAnswersIt(String what, Script script) throws Exception {
    Play play = targets.record(script);

    assertThat(targets.difference(script, play, List.of()))
        .describedAs("%s%n%s", what, play)
        .isEmpty();
  }

  private static Arguments script(String what, Burst... bursts) {
    return arguments(what, Script.of(bursts));
  }

  private static Stream<Arguments> statements() {
    return Stream.of(
        script(
            "a statement used again and again",
            sends(0, parse("s", "SELECT $1::int"), describeStatement("s"), sync()),
            sends(0, bind("", "s", "1"), describePortal(""), execute("", 0), sync()),
            sends(0, bind("", "s", "2"), execute("", 0), sync())),
        script(
            "two clients with the same name for different texts",
            sends(0, parse("s", "SELECT 'zero'"), sync()),
            sends(1, parse("s", "SELECT 'one'"), sync()),
            sends(0, bind("", "s"), execute("", 0), sync()),
            sends(1, bind("", "s"), execute("", 0), sync())),
        script(
            "two clients with the same text, one closes it",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(1, parse("b", "SELECT 1"), sync()),
            sends(0, closeStatement("a"), sync()),
            sends(1, bind("", "b"), execute("", 0), sync()),
            sends(0, bind("", "a"), sync())),
        script(
            "the same text with other types of parameters",
            sends(0, parse("a", "SELECT $1", 23), parse("b", "SELECT $1", 25), sync()),
            sends(0, describeStatement("a"), describeStatement("b"), sync())),
        script(
            "more statements than any cache holds",
            sends(
                0, parse("a", "SELECT 1"), parse("b", "SELECT 2"), parse("c", "SELECT 3"), sync()),
            sends(0, bind("", "a"), execute("", 0), bind("", "b"), execute("", 0), sync()),
            sends(0, bind("", "c"), execute("", 0), bind("", "a"), execute("", 0), sync())),
        script(
            "closed and prepared anew in one group",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(
                0,
                closeStatement("a"),
                parse("a", "SELECT 2"),
                bind("", "a"),
                execute("", 0),
                sync())),
        script(
            "a Close of what is not there",
            sends(0, closeStatement("a"), closePortal("p"), sync())),
        script(
            "names that PostgreSQL takes for the same",
            sends(0, parse(NAME_63 + "a", "SELECT 1"), sync()),
            sends(0, parse(NAME_63 + "b", "SELECT 2"), sync()),
            sends(0, bind("", NAME_63), execute("", 0), sync())),
        script(
            "a name like those of the pooler",
            sends(0, parse("PGBOUNCER_1", "SELECT 'mine'"), sync()),
            sends(1, parse("PGBOUNCER_2", "SELECT 'other'"), sync()),
            sends(0, bind("", "PGBOUNCER_1"), execute("", 0), sync())),
        script(
            "all deallocated, and prepared behind that without waiting",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(
                0,
                query("DISCARD ALL"),
                parse("a", "SELECT 2"),
                bind("", "a"),
                execute("", 0),
                sync()),
            sends(0, bind("", "a"), execute("", 0), sync())),
        script(
            "all deallocated by Execute",
            sends(0, parse("a", "SELECT 1"), parse("d", "DEALLOCATE ALL"), sync()),
            sends(0, bind("", "d"), execute("", 0), bind("", "a"), sync()),
            sends(0, parse("a", "SELECT 2"), bind("", "a"), execute("", 0), sync())),
        script(
            "deallocated by one, kept by another",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(1, parse("a", "SELECT 1"), sync()),
            sends(0, query("DEALLOCATE ALL")),
            sends(1, bind("", "a"), execute("", 0), sync()),
            sends(0, bind("", "a"), sync())));
  }

  private static Stream<Arguments> errors() {
    return Stream.of(
        script(
            "a name that is taken",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(0, parse("a", "SELEC 2"), sync()),
            sends(0, parse("a", "SELECT 2"), bind("", "a"), execute("", 0), sync()),
            sends(0, bind("", "a"), execute("", 0), sync())),
        script(
            "names that are not there",
            sends(0, bind("", "a"), execute("", 0), sync()),
            sends(0, describeStatement("a"), sync()),
            sends(0, query("SELECT 1"))),
        script(
            "a Parse that fails, and another one of the name",
            sends(0, parse("a", "SELEC 1"), bind("", "a"), execute("", 0), sync()),
            sends(0, bind("", "a"), sync()),
            sends(0, parse("a", "SELECT 1"), bind("", "a"), execute("", 0), sync())),
        script(
            "an error while it runs",
            sends(0, parse("a", "SELECT 1 / $1::int"), bind("", "a", "0"), execute("", 0), sync()),
            sends(0, bind("", "a", "1"), execute("", 0), sync())),
        script(
            "a Close that is skipped",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(0, parse("b", "SELEC 1"), closeStatement("a"), sync()),
            sends(0, bind("", "a"), execute("", 0), sync())),
        script(
            "a Query that is skipped, and a Sync that is not",
            sends(0, parse("a", "SELEC 1"), query("SELECT 1"), sync(), query("SELECT 2"))),
        script(
            "a Parse in a transaction that has failed",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(0, query("BEGIN; SELECT 1/0")),
            sends(0, parse("b", "SELECT 1"), sync()),
            sends(0, parse("c", "ROLLBACK"), bind("", "c"), execute("", 0), sync()),
            sends(0, parse("b", "SELECT 1"), bind("", "b"), execute("", 0), sync())),
        script(
            "a Parse pipelined behind a transaction that fails",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(
                0, query("BEGIN; SELECT 1/0"), parse("b", "SELECT 1"), sync(), query("ROLLBACK"))),
        script(
            "a mistake in the number of parameters",
            sends(0, parse("a", "SELECT $1::int"), bind("", "a"), sync()),
            sends(0, bind("", "a", "x"), sync()),
            sends(0, bind("", "a", "1"), execute("", 0), sync())),
        script(
            "messages that are broken inside",
            sends(0, raw('B', new byte[] {'p'}), sync()),
            sends(0, raw('D', new byte[0]), sync()),
            sends(0, raw('C', new byte[] {'S', 'a'}), sync()),
            sends(0, raw('P', new byte[] {'a', 0, 'S'}), sync()),
            sends(0, raw('P', new byte[] {'a', 0, 'S', 0, 0, 9}), sync()),
            sends(0, query("SELECT 1"))),
        script(
            "a deferred constraint that fails at Sync",
            sends(
                0,
                query(
                    "CREATE TABLE IF NOT EXISTS late (n int UNIQUE DEFERRABLE INITIALLY"
                        + " DEFERRED)")),
            sends(0, parse("a", "INSERT INTO late VALUES (1), (1)"), sync()),
            sends(0, bind("", "a"), execute("", 0), sync(), bind("", "a"), sync()),
            sends(0, query("DROP TABLE late"))));
  }

  private static Stream<Arguments> pipelines() {
    return Stream.of(
        script(
            "an error in the second of three groups",
            sends(
                0,
                parse("a", "SELECT 1"),
                bind("", "a"),
                execute("", 0),
                sync(),
                parse("b", "SELEC 2"),
                bind("", "b"),
                execute("", 0),
                sync(),
                bind("", "a"),
                execute("", 0),
                sync())),
        script(
            "a name given in a group that fails, used in the next",
            sends(0, parse("x", "SELEC"), parse("a", "SELECT 1"), sync(), bind("", "a"), sync())),
        script(
            "a name freed in a group that fails, used in the next",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(0, parse("x", "SELEC"), closeStatement("a"), sync(), bind("", "a"), sync())),
        script(
            "Flush in the place of Sync",
            sends(0, parse("a", "SELECT 1"), describeStatement("a"), flush()),
            sends(0, bind("", "a"), flush()),
            sends(0, execute("", 0), flush()),
            sends(0, closeStatement("a"), flush()),
            sends(0, sync())),
        script(
            "an error before a Flush",
            sends(0, parse("a", "SELEC 1"), flush()),
            sends(0, parse("a", "SELECT 1"), flush()),
            sends(0, closeStatement("a"), sync()),
            sends(0, query("SELECT 1"))),
        script(
            "known statements between others, each answer in its place",
            sends(0, parse("a", "SELECT 1"), sync()),
            sends(
                0,
                parse("", "SELECT 2"),
                parse("b", "SELECT 1"),
                closeStatement("b"),
                bind("", ""),
                execute("", 0),
                closeStatement("a"),
                sync())),
        script(
            "simple and extended mixed without Sync",
            sends(
                0,
                parse("a", "SELECT 1"),
                bind("", "a"),
                query("SELECT 2"),
                execute("", 0),
                sync()),
            sends(0, bind("", "a"), execute("", 0), query("SELECT 3"))),
        script(
            "a transaction over groups, with another client between its transactions",
            sends(0, parse("a", "BEGIN"), bind("", "a"), execute("", 0), sync()),
            sends(0, parse("b", "SELECT 1"), bind("", "b"), execute("", 0), sync()),
            sends(0, parse("c", "COMMIT"), bind("", "c"), execute("", 0), sync()),
            sends(1, parse("a", "SELECT 9"), bind("", "a"), execute("", 0), sync()),
            sends(0, bind("", "a"), execute("", 0), bind("", "b"), execute("", 0), sync()),
            sends(0, query("ROLLBACK"))),
        script("only Syncs", sends(0, sync(), sync(), flush(), sync())));
  }

  private static Stream<Arguments> unnamed() {
    return Stream.of(
        script(
            "prepared and used in different transactions",
            sends(0, parse("", "SELECT 'zero'"), describeStatement(""), sync()),
            sends(1, parse("", "SELECT 'one'"), sync()),
            sends(0, bind("", ""), execute("", 0), sync()),
            sends(1, bind("", ""), execute("", 0), sync())),
        script(
            "used without being prepared",
            sends(0, parse("", "SELECT 'zero'"), sync()),
            sends(1, bind("", ""), execute("", 0), sync()),
            sends(1, describeStatement(""), sync())),
        script(
            "dropped by a simple query",
            sends(0, parse("", "SELECT 'zero'"), sync()),
            sends(0, query("SELECT 1")),
            sends(1, parse("", "SELECT 'one'"), sync()),
            sends(0, bind("", ""), sync())),
        script(
            "closed",
            sends(0, parse("", "SELECT 'zero'"), closeStatement(""), sync()),
            sends(1, parse("", "SELECT 'one'"), sync()),
            sends(0, bind("", ""), sync())),
        script(
            "replaced by one that fails",
            sends(0, parse("", "SELECT 'zero'"), sync()),
            sends(0, parse("", "SELEC"), sync()),
            sends(1, parse("", "SELECT 'one'"), sync()),
            sends(0, bind("", ""), sync())));
  }

  private static Stream<Arguments> portals() {
    return Stream.of(
        script(
            "rows in portions",
            sends(0, query("BEGIN")),
            sends(
                0,
                parse("a", "SELECT generate_series(1, 5)"),
                bind("p", "a"),
                execute("p", 2),
                sync()),
            sends(0, execute("p", 2), sync()),
            sends(0, execute("p", 2), sync()),
            sends(0, execute("p", 2), closePortal("p"), sync()),
            sends(0, execute("p", 2), sync()),
            sends(0, query("ROLLBACK"))),
        script(
            "a portal does not outlive its transaction",
            sends(
                0,
                parse("a", "SELECT generate_series(1, 5)"),
                bind("p", "a"),
                execute("p", 2),
                sync()),
            sends(0, execute("p", 2), sync())),
        script(
            "portions with Flush",
            sends(
                0,
                parse("", "SELECT generate_series(1, 5)"),
                bind("", ""),
                execute("", 2),
                flush()),
            sends(0, execute("", 2), flush()),
            sends(0, execute("", 2), sync())),
        script(
            "a name of a portal that is taken",
            sends(0, parse("a", "SELECT 1"), bind("p", "a"), bind("p", "a"), sync()),
            sends(0, describePortal("p"), sync())));
  }

  private static Stream<Arguments> simple() {
    return Stream.of(
        script("an empty query", sends(0, query(""), query("  "), query(";"))),
        script(
            "an empty statement",
            sends(
                0, parse("a", ""), describeStatement("a"), bind("", "a"), execute("", 0), sync())),
        script(
            "several statements in one",
            sends(0, query("SELECT 1; SELECT 2; SELECT 1/0; SELECT 3")),
            sends(0, query("BEGIN; SELECT 1; COMMIT; SELECT 2"))),
        script("two queries at once", sends(0, query("SELECT 1/0"), query("SELECT 2"))),
        script("a function call", sends(0, call(177, "6", "2"), call(154, "6", "0"), call(1))),
        script(
            "parameters that follow the client",
            sends(0, query("SET application_name = 'zero'")),
            sends(1, query("SET application_name = 'one'; SET DateStyle = 'SQL'")),
            sends(0, query("SHOW application_name; SHOW DateStyle")),
            sends(1, query("SHOW application_name; SHOW DateStyle"))),
        script(
            "a parameter that is rolled back",
            sends(0, query("BEGIN; SET application_name = 'gone'")),
            sends(0, query("ROLLBACK")),
            sends(1, query("SHOW application_name")),
            sends(0, query("SHOW application_name"))));
  }

  private static Stream<Arguments> copies() {
    return Stream.of(
        script(
            "in, at once", sends(0, query(COPY), copyData("1\n"), copyDone(), query("SELECT 1"))),
        script(
            "in, step by step",
            sends(0, query(COPY)),
            sends(0, copyData("1\n")),
            sends(0, copyDone()),
            sends(1, query("SELECT 1"))),
        script("in, given up", sends(0, query(COPY), copyData("1\n"), copyFail("no"), sync())),
        script(
            "in, with bad data, and more of it",
            sends(
                0,
                query(COPY),
                badCopyData("x\n"),
                copyData("1\n"),
                copyDone(),
                query("SELECT 1"))),
        script(
            "in, with a Sync before its data",
            sends(0, query(COPY), sync(), copyData("1\n"), copyDone(), query("SELECT 1")),
            sends(
                0, query(COPY), sync(), badCopyData("x\n"), sync(), copyDone(), query("SELECT 1"))),
        script(
            "in, by Execute",
            sends(0, parse("a", COPY), bind("", "a"), execute("", 0), sync()),
            sends(0, copyData("1\n"), copyDone(), sync()),
            sends(1, query("SELECT 1"))),
        script(
            "in, by Execute, with bad data",
            sends(0, parse("a", COPY), bind("", "a"), execute("", 0), sync()),
            sends(0, badCopyData("x\n"), copyData("1\n"), copyDone(), sync()),
            sends(1, query("SELECT 1"))),
        script(
            "two in one query",
            sends(
                0,
                query(COPY + "; " + COPY),
                copyData("1\n"),
                copyDone(),
                copyData("2\n"),
                copyDone()),
            sends(0, query("SELECT 1"))),
        script(
            "one after the other, all at once",
            sends(
                0,
                query(COPY + "; " + COPY),
                copyDone(),
                copyDone(),
                query(COPY),
                copyData("2\n"),
                copyDone(),
                query("SELECT 1"))),
        script(
            "out",
            sends(0, query("COPY (VALUES (1), (2)) TO STDOUT")),
            sends(
                0,
                parse("a", "COPY (VALUES (1)) TO STDOUT"),
                bind("", "a"),
                execute("", 0),
                sync())),
        script(
            "data without a COPY",
            sends(0, copyData("1\n"), copyDone(), copyFail("no"), query("SELECT 1"))),
        script(
            "refused",
            sends(
                0,
                query("COPY missing FROM STDIN"),
                copyData("1\n"),
                copyDone(),
                query("SELECT 1")),
            sends(0, parse("a", "COPY missing FROM STDIN"), bind("", "a"), execute("", 0), sync()),
            sends(0, query("SELECT 1"))));
  }
}
