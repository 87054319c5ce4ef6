package io.sluice.proxy.app;

import io.sluice.config.load.SecretFile;
import io.sluice.config.problem.Problem;
import io.sluice.config.setting.Parsed;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.HostList;
import io.sluice.config.value.PasswordSource;
import io.sluice.config.value.ProxyConfig;
import io.sluice.proxy.catalog.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks each PostgreSQL how many connections it has, and compares with what the pools of all its
 * databases may take together.
 */
final class RoomCheck {
  private static final int PATIENCE_S = 10;

  private final ProxyConfig config;
  private final Map<String, Credentials> secrets;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Prepares the check.
   *
   * @param secrets the user list: who may log in, and with what
   */
  RoomCheck(ProxyConfig config, Map<String, Credentials> secrets) {
    this.config = config;
    this.secrets = secrets;
  }

  /** Asks every PostgreSQL; what does not answer is a warning as well. */
  List<Problem> run() {
    Map<Place, List<DatabaseConfig>> places = new LinkedHashMap<>();
    for (DatabaseConfig database : config.databases().values()) {
      places.computeIfAbsent(placeOf(database), place -> new ArrayList<>()).add(database);
    }
    places.forEach(this::check);
    return problems;
  }

  /**
   * Where a PostgreSQL listens.
   *
   * @param host the first of the host list, or the directory of its Unix socket
   */
  private record Place(String host, int port) {
    @Nullable SocketAddress address() {
      if (host.startsWith("@")) {
        return null;
      }
      if (HostList.kindOf(host) == HostList.Kind.UNIX) {
        return UnixDomainSocketAddress.of(Path.of(host, ".s.PGSQL." + port));
      }
      return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  private Place placeOf(DatabaseConfig database) {
    HostList hosts = database.hosts();
    String host = hosts.isEmpty() ? config.values().get(Settings.UNIX_SOCKET_DIR) : hosts.get(0);
    return new Place(host, database.port());
  }

  private void check(Place place, List<DatabaseConfig> databases) {
    SocketAddress address = place.address();
    PostgresProbe.Login login = loginFor(databases);
    if (address == null || login == null) {
      warn(place + ": not asked for max_connections", "no user with a password is known for it");
      return;
    }
    try {
      int room = Integer.parseInt(ask(address, login));
      long demand = 0;
      for (DatabaseConfig database : databases) {
        demand += Demand.servers(config, database, secrets.size());
      }
      if (demand > room) {
        warn(
            place + ": the pools may take " + demand + " connections, it has " + room,
            "lower pool_size or set max_db_connections");
      }
    } catch (IOException | NumberFormatException e) {
      warn(place + ": could not ask for max_connections: " + e.getMessage(), null);
    }
  }

  /** Someone who can log in to one of the databases: its forced user, or one of the user list. */
  private PostgresProbe.@Nullable Login loginFor(List<DatabaseConfig> databases) {
    for (DatabaseConfig database : databases) {
      String forced = database.user();
      String password = password(database);
      if (forced != null) {
        Credentials listed = secrets.getOrDefault(forced, new Credentials(""));
        Credentials secret = password == null ? listed : new Credentials(password);
        return new PostgresProbe.Login(database.dbname(), forced, secret);
      }
    }
    for (Map.Entry<String, Credentials> user : secrets.entrySet()) {
      if (user.getValue().plain() != null) {
        return new PostgresProbe.Login(databases.get(0).dbname(), user.getKey(), user.getValue());
      }
    }
    return null;
  }

  /** A command is not run for a check: it may do more than print. */
  private static @Nullable String password(DatabaseConfig database) {
    PasswordSource source = database.password();
    if (source instanceof PasswordSource.Literal literal) {
      return literal.password();
    }
    if (source instanceof PasswordSource.File file
        && SecretFile.read(file.path()) instanceof Parsed.Good<String> good) {
      return good.value();
    }
    return null;
  }

  private static String ask(SocketAddress address, PostgresProbe.Login login) throws IOException {
    FutureTask<String> question =
        new FutureTask<>(
            () -> {
              try (PostgresProbe probe = PostgresProbe.connect(address)) {
                return probe.ask(login, PostgresProbe.ORDINARY_CONNECTIONS);
              }
            });
    Thread thread = new Thread(question, "probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return question.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? "failed" : String.valueOf(cause.getMessage()), e);
    } catch (TimeoutException e) {
      question.cancel(true);
      throw new IOException("no answer in " + PATIENCE_S + "s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void warn(String sentence, @Nullable String hint) {
    problems.add(Problem.warning(config.origin(), "", null, sentence, hint));
  }
}
