package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.AuthType;
import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.UserConfig;
import io.sluice.config.value.Values;
import io.sluice.protocol.ProtocolVersion;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.StartupMessage;
import io.sluice.protocol.scram.ScramKeys;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.auth.AuthDecision;
import io.sluice.proxy.auth.hba.LoginRequest;
import io.sluice.proxy.catalog.Catalog;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.LearnedSecret;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.PoolSettings;
import io.sluice.proxy.pool.Pools;
import io.sluice.proxy.server.Replication;
import io.sluice.proxy.tls.TlsSession;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's way in, from its StartupMessage to its first ReadyForQuery. Each step is one method;
 * the order is PgBouncer's, so that a stranger learns no more here than there. Confined to its
 * event loop.
 */
final class Login {
  private static final Logger log = LoggerFactory.getLogger(Login.class);
  private static final int MAX_USER_BYTES = 127;

  /** A database without a name has that of its user. */
  private static final int MAX_DATABASE_BYTES = MAX_USER_BYTES;

  /** What the entry of a map takes beside its texts. */
  private static final int ENTRY_CHARS = 50;

  private final Client client;
  private final Front front;
  private final Pools pools;
  private final Catalog catalog;
  private StartupParameters parameters = StartupParameters.EMPTY;
  private Replication replication = Replication.NONE;

  /** What PostgreSQL is told, where the client gets a server of its own; else null. */
  private @Nullable StartupWishes wishes;

  private String databaseName = "";
  private String userName = "";

  private LoginRequest request = new LoginRequest("", "", false, null, false);
  private boolean lookedUp;
  private @Nullable Credentials secret;

  Login(Client client, Front front) {
    this.client = client;
    this.front = front;
    this.pools = front.pools();
    this.catalog = pools.catalog();
  }

  private ProxyConfig config() {
    return client.clients().config();
  }

  // ---- before authentication

  /** Takes the StartupMessage. */
  void start(StartupMessage message) {
    Values values = config().values();
    String user = message.parameters().getOrDefault("user", "");
    String database = message.parameters().getOrDefault("database", "");
    databaseName = database.isEmpty() ? user : database;
    userName = user;
    if (user.isEmpty()) {
      client.close(ClientClose.NO_USER);
      return;
    }
    ClientClose tooLong = tooLong();
    if (tooLong != null) {
      client.close(tooLong);
      return;
    }
    client.name().set(databaseName, userName);
    request = request(message);
    boolean plain = !client.address().isUnix() && client.connection().tls() == null;
    if (plain && pools.tls().clientMode().isRequired()) {
      client.close(ClientClose.TLS_REQUIRED);
      return;
    }
    boolean console = databaseName.equals(Front.CONSOLE);
    ClientClose refused = refusal(console, values.get(Settings.MAX_CLIENT_CONN));
    if (refused != null) {
      client.close(refused);
      return;
    }
    String noMemory = console ? null : client.clients().memory().refusal();
    if (noMemory != null) {
      client.close(ClientClose.OUT_OF_MEMORY, SqlState.OUT_OF_MEMORY, noMemory);
      return;
    }
    boolean alone = !console && (replication != Replication.NONE || isLinkedEarly());
    keep(message);
    wishes = alone ? StartupWishes.of(message.parameters(), message.version().orNewest()) : null;
    parameters = StartupParameters.read(message, pools.tracked(), values, console || alone);
    negotiate(message);
    if (console) {
      startConsole(values);
    } else {
      startPooled();
    }
  }

  /** What strangers say is kept until they have logged in: it counts as buffers do. */
  private void keep(StartupMessage message) {
    int chars = 0;
    for (Map.Entry<String, String> parameter : message.parameters().entrySet()) {
      chars += parameter.getKey().length() + parameter.getValue().length() + ENTRY_CHARS;
    }
    client.seat().keeps(Character.BYTES * (long) chars);
  }

  /** Whether session_login is early, and acts; decided before who the client is is proved. */
  private boolean isLinkedEarly() {
    DatabaseConfig database = catalog.peekConfig(databaseName);
    if (database == null) {
      return false;
    }
    User poolUser = catalog.findUser(database.user() == null ? userName : database.user());
    return PoolSettings.linksEarly(config(), database, poolUser == null ? null : poolUser.config());
  }

  private @Nullable ClientClose refusal(boolean console, int maxClients) {
    if (!console && client.clients().total() > maxClients) {
      client.clients().makeRoom(maxClients);
      if (client.clients().total() > maxClients) {
        return ClientClose.TOO_MANY_CLIENTS;
      }
    }
    return switch (client.seat().tries(pools.loop().nowNs())) {
      case MAY_TRY -> null;
      case TOO_FAST -> ClientClose.TOO_FAST;
      case TOO_MANY_FAILURES -> ClientClose.TOO_MANY_FAILURES;
    };
  }

  /** What rules look at. */
  private LoginRequest request(StartupMessage message) {
    InetSocketAddress remote = client.address().remote();
    replication = Replication.of(message.parameters().get("replication"));
    return new LoginRequest(
        databaseName,
        userName,
        replication == Replication.PHYSICAL,
        remote == null ? null : remote.getAddress(),
        client.connection().tls() != null);
  }

  private void negotiate(StartupMessage message) {
    List<String> unknown = new ArrayList<>();
    for (String key : message.parameters().keySet()) {
      if (key.startsWith("_pq_.")) {
        unknown.add(key);
      }
    }
    ProtocolVersion spoken = message.version().orNewest();
    if (spoken.code() == message.version().code() && unknown.isEmpty()) {
      return;
    }
    ByteBuf out = client.link().alloc().buffer();
    BackendWriter.negotiateProtocolVersion(out, spoken, unknown);
    client.link().write(out);
  }

  /** The names are kept, and logged, before anything is proved. */
  private @Nullable ClientClose tooLong() {
    if (userName.getBytes(StandardCharsets.UTF_8).length > MAX_USER_BYTES) {
      return ClientClose.USER_TOO_LONG;
    }
    return databaseName.getBytes(StandardCharsets.UTF_8).length > MAX_DATABASE_BYTES
        ? ClientClose.DATABASE_TOO_LONG
        : null;
  }

  private void startPooled() {
    boolean any = front.access().authenticator().type() == AuthType.ANY;
    User known = catalog.findUser(userName);
    Database database = catalog.peekDatabase(databaseName);
    if (any && (database == null || database.config().user() == null)) {
      client.close(ClientClose.CONFIG_ERROR);
      return;
    }
    // That a user has too many tells that it exists: whoever has proved nothing is not told.
    if (database != null && database.clients().isFull(limit(database))) {
      client.close(ClientClose.TOO_MANY_DATABASE_CLIENTS);
      return;
    }
    admit(known, party -> authenticate(party, this::admitted));
  }

  private void admit(@Nullable User known, Consumer<Admission.Party> then) {
    new Admission(client, front.access(), request, known, then).begin();
  }

  private @Nullable ClientClose take(Database database, User user) {
    if (!client.seat().tryTake(database, limit(database))) {
      return ClientClose.TOO_MANY_DATABASE_CLIENTS;
    }
    return client.seat().tryTake(user, limit(user)) ? null : ClientClose.TOO_MANY_USER_CLIENTS;
  }

  private int limit(Database database) {
    return limit(config().values(), database.config().values(), true);
  }

  private int limit(User user) {
    UserConfig own = user.config();
    return limit(config().values(), own == null ? null : own.values(), false);
  }

  private static int limit(Values global, @Nullable Values own, boolean database) {
    var setting =
        database ? Settings.MAX_DB_CLIENT_CONNECTIONS : Settings.MAX_USER_CLIENT_CONNECTIONS;
    if (own != null && own.isSet(setting) && own.get(setting) > 0) {
      return own.get(setting);
    }
    return global.get(setting);
  }

  private void authenticate(Admission.Party found, Runnable admitted) {
    lookedUp = found.isLookedUp();
    secret = found.secret();
    if (!found.name().equals(userName)) {
      if (client.seat().mayLog(pools.loop().nowNs())) {
        log.info("{} auth_query has returned user {}", client.name(), found.name());
      }
      userName = found.name();
      client.name().set(databaseName, userName);
    }
    AuthPhase.Outcome outcome = new AuthPhase.Outcome(() -> succeed(admitted), this::doubt);
    AuthPhase phase = new AuthPhase(client, found.method(), front.access(), outcome);
    client.connection().enter(phase);
    client.link().resume(Link.HELD);
    phase.start();
    if (client.inbox().heldBytes() > 0) {
      // It came while the secret was looked for.
      client.connection().readAgain();
    }
  }

  /** A secret that auth_query has found did not fit: what is kept of it may be out of date. */
  private void doubt() {
    if (lookedUp) {
      front.access().queries().doubt(request.database(), request.user());
    }
  }

  private void succeed(Runnable admitted) {
    client.seat().passed();
    if (client.clients().logsConnections()) {
      TlsSession tls = client.connection().tls();
      log.info(
          "{} login attempt: db={} user={} tls={} replication={}",
          client.name(),
          databaseName,
          userName,
          tls == null ? "no" : tls.text(),
          replication.logWord());
    }
    admitted.run();
  }

  // ---- after authentication

  private void admitted() {
    Database database = catalog.findDatabase(databaseName, pools.loop().nowNs());
    if (database == null) {
      client.close(
          ClientClose.NO_DATABASE,
          SqlState.PROTOCOL_VIOLATION,
          "no such database: " + databaseName);
      return;
    }
    if (database.isDisabled()) {
      client.close(
          ClientClose.DISABLED,
          SqlState.PROTOCOL_VIOLATION,
          "database \"" + databaseName + "\" is disabled");
      return;
    }
    if (front.isShuttingDown()) {
      client.close(ClientClose.SHUTTING_DOWN);
      return;
    }
    join(database);
  }

  private void join(Database database) {
    User user = catalog.openUser(userName);
    // Counted from here on: strangers, who can name anybody, keep nobody out.
    ClientClose full = take(database, user);
    if (full != null) {
      client.close(full);
      return;
    }
    Pool pool = pools.open(database, pools.poolUser(database, user));
    learn(pool, user);
    client.name().share(database.name(), user.name());
    client.join(pool);
    client.setLimits(client.clients().limitsOf(client));
    if (wishes != null) {
      welcomeGuest(pool, wishes);
    } else if (pool.welcome() == null) {
      // Messages that come meanwhile wait: the phase that would read them is not entered yet.
      client.awaitWelcome(() -> welcome(pool));
    } else {
      welcome(pool);
    }
  }

  /** Lets servers be logged in to with what this login has shown. */
  private void learn(Pool pool, User user) {
    AuthDecision.Accepted proof = client.takeProof();
    ScramKeys keys = proof == null ? null : proof.keys();
    Credentials shown = proof == null ? null : proof.secret();
    Credentials found = lookedUp ? secret : shown;
    if (found == null) {
      if (keys != null) {
        user.learn(keys);
      }
    } else if (pool.user() == user) {
      pool.database().learn(user.name(), new LearnedSecret(found, keys));
    }
  }

  private void welcome(Pool pool) {
    if (client.isClosed()) {
      return;
    }
    ByteBuf out = client.link().alloc().buffer(WelcomeReply.USUAL_BYTES);
    BackendWriter.authenticationOk(out);
    WelcomeReply.write(out, client, pool, parameters, config().values());
    client.link().write(out);
    serve(pool);
  }

  /** The rest of what the client is told comes from a server of its own. */
  private void welcomeGuest(Pool pool, StartupWishes asked) {
    Values values = config().values();
    ByteBuf out = client.link().alloc().buffer();
    BackendWriter.authenticationOk(out);
    client.link().write(out);
    boolean addsHost = values.get(Settings.APPLICATION_NAME_ADD_HOST);
    new GuestLogin(
            client,
            pool,
            addsHost ? asked.withHost(client.address()) : asked,
            values.get(Settings.LOGIN_NOTIFY_MESSAGE),
            () -> serve(pool))
        .begin();
  }

  private void serve(Pool pool) {
    pool.counters().clientLogins++;
    client.clients().move(client, ClientState.ACTIVE);
    boolean refusesSimple = config().values().get(Settings.DISABLE_PQEXEC);
    client.serveWith(new QueryPhase(client, pool, refusesSimple));
    client.resumeReading();
  }

  // ---- the console

  private void startConsole(Values values) {
    boolean own = userName.equals(Front.CONSOLE) && front.isOwnUser(client.address());
    boolean any = front.access().authenticator().type() == AuthType.ANY;
    boolean admin = own || values.get(Settings.ADMIN_USERS).contains(userName);
    boolean stats = any || values.get(Settings.STATS_USERS).contains(userName);
    if (own) {
      log.info("{} pgbouncer access from unix socket", client.name());
      succeed(() -> openConsole(true));
      return;
    }
    admit(catalog.findUser(userName), found -> authenticateForConsole(found, admin, stats));
  }

  /**
   * What a name may do here was decided by the name that was asked for. Who that is, is proved even
   * in vain: strangers must not learn who the administrators are.
   */
  private void authenticateForConsole(Admission.Party found, boolean admin, boolean stats) {
    boolean allowed = found.name().equals(userName) && (admin || stats);
    authenticate(
        found,
        () -> {
          if (allowed) {
            openConsole(admin);
          } else {
            client.close(ClientClose.NOT_ALLOWED);
          }
        });
  }

  private void openConsole(boolean mayChange) {
    client.setConsole(mayChange);
    client.clients().giveKey(client, parameters.version());
    client.setVars(parameters.vars(pools.tracked()));
    client.clients().move(client, ClientState.ACTIVE);
    front.console().open(client, mayChange);
    client.resumeReading();
  }
}
