package io.sluice.proxy.auth;

import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.TransactionStatus;
import io.sluice.proxy.catalog.Credentials;
import io.sluice.proxy.net.DeafLink;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.WaitTicket;
import io.sluice.proxy.pool.Waiter;
import io.sluice.proxy.server.Inquiry;
import io.sluice.proxy.server.Refusal;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import io.sluice.proxy.server.ServerLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of auth_query: waits for a server of its own pool, asks, and gives the server back.
 * Confined to its event loop.
 *
 * <p>The user's name is the query's only parameter; nothing else that the client has sent comes
 * near the server.
 */
final class AuthQuery implements Waiter, Inquiry {
  private static final Logger log = LoggerFactory.getLogger(AuthQuery.class);
  private static final int COLUMNS = 2;
  private static final int MAX_NAME_BYTES = 127;
  private static final int MAX_SECRET_BYTES = 65_530;

  private final Pool pool;
  private final String sql;
  private final String user;
  private final Consumer<Lookup> answered;
  private final WaitTicket ticket = new WaitTicket(this);
  private final ServerLog lines;
  private final long startedNs;
  private @Nullable Server server;
  private Lookup answer = Lookup.Missing.INSTANCE;
  private int rowCount;
  private boolean over;

  AuthQuery(Pool pool, String sql, String user, ServerLog lines, Consumer<Lookup> answered) {
    this.pool = pool;
    this.sql = sql;
    this.user = user;
    this.answered = answered;
    this.lines = lines;
    this.startedNs = pool.loop().nowNs();
  }

  /** Begins; the answer may come before this returns. */
  void start() {
    Server free = pool.lane().lease(this);
    if (free != null) {
      leased(free);
    } else {
      pool.lane().enqueue(this);
    }
  }

  /** Nobody waits for the answer any more; a query that runs is let run, its server is kept. */
  void abandon() {
    if (server == null) {
      pool.lane().leave(this);
      finish(Lookup.Failed.CONFIG_ERROR);
    }
  }

  /** Ends the query without an answer. */
  void end(String why) {
    Server held = server;
    if (held != null) {
      // This comes back as serverLost.
      held.close(ServerClose.QUERY_TIMEOUT);
      return;
    }
    pool.lane().leave(this);
    fail(why);
  }

  // ---- the server

  @Override
  public void leased(Server leased) {
    server = leased;
    leased.ask(this);
  }

  @Override
  public void refused(Refusal refusal) {
    fail(refusal.text());
  }

  @Override
  public void serverLost(ServerClose why, String text) {
    server = null;
    fail(text);
  }

  @Override
  public void serverReleased() {
    server = null;
  }

  // ---- the answer

  @Override
  public void columns(Server from, int count) {
    if (count != COLUMNS) {
      warn(from, "expected 2 columns from auth_query, not " + count);
      answer = Lookup.Failed.CONFIG_ERROR;
    }
  }

  @Override
  public void row(Server from, List<@Nullable String> values) {
    rowCount++;
    if (answer instanceof Lookup.Failed) {
      return;
    }
    String name = values.size() == COLUMNS ? values.get(0) : null;
    String secret = values.size() == COLUMNS ? values.get(1) : null;
    if (name == null || name.isEmpty() || bytes(name) > MAX_NAME_BYTES) {
      warn(from, "auth_query response contained null user name");
      answer = Lookup.Failed.CONFIG_ERROR;
    } else if (secret != null && bytes(secret) > MAX_SECRET_BYTES) {
      warn(from, "auth_query response contained a secret beyond all bounds");
      answer = Lookup.Failed.CONFIG_ERROR;
    } else {
      answer = new Lookup.Found(name, new Credentials(secret == null ? "" : secret));
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void failed(Server from, ErrorFields error) {
    warn(from, "error in auth_query: " + error.severity() + ": " + error.message());
    answer = Lookup.Failed.CONFIG_ERROR;
  }

  @Override
  public void done(Server from, byte status) {
    if (rowCount > 1) {
      warn(from, "auth_query returned " + rowCount + " rows, the last one counts");
    }
    server = null;
    if (status == TransactionStatus.IDLE) {
      pool.lane().ready(from);
    } else {
      from.attach(null);
      from.close(ServerClose.RESET_FAILED);
    }
    finish(answer);
  }

  private void fail(String why) {
    if (!over) {
      if (mayLog()) {
        log.warn("auth_query of {} has failed: {}", pool, why);
      }
      finish(Lookup.Failed.CONFIG_ERROR);
    }
  }

  private void warn(Server from, String text) {
    if (mayLog()) {
      log.warn("{} {}", from.logName(), text);
    }
  }

  private boolean mayLog() {
    return lines.mayLog(pool.loop().nowNs());
  }

  private void finish(Lookup result) {
    if (!over) {
      over = true;
      answered.accept(result);
    }
  }

  // ---- queries

  Pool pool() {
    return pool;
  }

  long startedNs() {
    return startedNs;
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public String parameter() {
    return user;
  }

  @Override
  public Link link() {
    return DeafLink.INSTANCE;
  }

  @Override
  public WaitTicket ticket() {
    return ticket;
  }

  @Override
  public boolean wantsWelcomeOnly() {
    return false;
  }

  @Override
  public long requestedNs() {
    return startedNs;
  }

  @Override
  public boolean isBetweenMessages() {
    return true;
  }

  // Time-outs of queries and transactions are not meant for logins: client_login_timeout ends them.
}
