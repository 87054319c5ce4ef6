package io.sluice.it;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.wire.WireLogin;
import io.sluice.it.script.Exemption;
import io.sluice.it.script.Play;
import io.sluice.it.script.Script;
import io.sluice.it.script.Stage;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The places where a script is played: PostgreSQL itself, and Sluice before it in session mode and
 * in transaction mode, with room for 1, 2 and 200 prepared statements on each server.
 */
final class ScriptTargets implements Closeable {
  private static final String SESSION = "session";
  private static final int[] CACHES = {1, 2, 200};

  /** Long enough for a loaded machine; waited for only where an answer is missing. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EmbeddedPostgres postgres;
  private final TestDatabase database;
  private final Map<Integer, SluiceProcess> sluices = new LinkedHashMap<>();

  private ScriptTargets(EmbeddedPostgres postgres, TestDatabase database) {
    this.postgres = postgres;
    this.database = database;
  }

  /** Makes the database, and starts Sluice once for each size of the cache. */
  static ScriptTargets start(EmbeddedPostgres postgres) throws Exception {
    ScriptTargets targets = new ScriptTargets(postgres, TestDatabase.create(postgres));
    try {
      postgres.query(targets.database.name(), "CREATE UNLOGGED TABLE script (n int)");
      for (int cache : CACHES) {
        targets.sluices.put(cache, SluiceProcess.start(targets.config(cache)));
      }
      return targets;
    } catch (Exception | AssertionError e) {
      targets.close();
      throw e;
    }
  }

  private SluiceConfig config(int cache) {
    String target = "host=127.0.0.1 port=" + postgres.port() + " dbname=" + database.name();
    return SluiceConfig.empty()
        .set("max_prepared_statements", cache)
        .set("max_client_conn", 1000)
        .set("log_connections", 0)
        .set("log_disconnections", 0)
        .database(SESSION, target + " pool_mode=session pool_size=10")
        .database("transaction1", target + " pool_mode=transaction pool_size=1")
        .database("transaction2", target + " pool_mode=transaction pool_size=2");
  }

  /** Plays a script against PostgreSQL itself. */
  Play record(Script script) throws IOException {
    return Stage.record(script, postgres.tcp(), WireLogin.of("postgres", database.name()));
  }

  /** Plays it everywhere else; tells the first difference that is not exempted. */
  Optional<String> difference(Script script, Play play, List<Exemption> exemptions)
      throws IOException {
    return difference(script, play, exemptions, PATIENCE);
  }

  private Optional<String> difference(
      Script script, Play play, List<Exemption> exemptions, Duration patience) throws IOException {
    Optional<String> inSessions = differenceAt(SESSION, 200, play, List.of(), patience);
    if (inSessions.isPresent()) {
      return inSessions;
    }
    for (int cache : CACHES) {
      Optional<String> found =
          differenceAt("transaction" + script.servers(), cache, play, exemptions, patience);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Says whether a script is answered differently anywhere, and does not wait long for it. */
  boolean showsDifference(Script script) throws IOException {
    Play play = record(script);
    return !play.isOutOfStep()
        && difference(script, play, DeliberateDifferences.ALL, Duration.ofSeconds(2)).isPresent();
  }

  private Optional<String> differenceAt(
      String name, int cache, Play play, List<Exemption> exemptions, Duration patience)
      throws IOException {
    SluiceProcess sluice = sluice(cache);
    return Stage.difference(
            play, sluice.tcp(), WireLogin.of("postgres", name), patience, exemptions)
        .map(told -> "on " + name + " with max_prepared_statements = " + cache + "\n" + told);
  }

  private SluiceProcess sluice(int cache) {
    SluiceProcess sluice = sluices.get(cache);
    if (sluice == null) {
      throw new IllegalArgumentException("no Sluice with a cache of " + cache);
    }
    return sluice;
  }

  @Override
  public void close() throws IOException {
    for (SluiceProcess sluice : sluices.values()) {
      sluice.close();
    }
  }
}
