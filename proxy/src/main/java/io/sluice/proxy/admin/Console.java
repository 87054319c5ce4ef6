package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.protocol.CancelKey;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.admin.show.ProxyView;
import io.sluice.proxy.admin.show.ShowVersion;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ConsoleEntry;
import io.sluice.proxy.lifecycle.ConsoleActions;
import io.sluice.proxy.lifecycle.Workers;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.stats.PoolCounters;
import io.sluice.proxy.stats.StatsAverages;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way into the console: what a client is told first. Confined to the event loop. */
public final class Console implements ConsoleEntry {
  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private final ProxyView view;
  private int clientCount;

  private Console(ProxyView view) {
    this.view = view;
  }

  /** Makes the console, and has the averages of SHOW STATS kept from now on. */
  public static Console open(Workers workers, ConsoleActions actions) {
    LoopContext loop = workers.loops().first();
    StatsAverages averages = new StatsAverages(loop.nowNs());
    ProxyView view = new ProxyView(workers, actions, averages, new PoolCounters());
    loop.maintain(new StatsTicker(view));
    return new Console(view);
  }

  @Override
  public void open(Client client, boolean mayChange) {
    welcome(client);
    view.console().clientLogins++;
    clientCount++;
    ConsolePhase phase = new ConsolePhase(client, mayChange, view);
    client.connection().enter(phase);
    client.onClosed(
        () -> {
          phase.abandon();
          clientGone();
        });
  }

  private void welcome(Client client) {
    ByteBuf out = client.link().alloc().buffer();
    BackendWriter.authenticationOk(out);
    parameters(client).forEach((name, value) -> BackendWriter.parameterStatus(out, name, value));
    CancelKey key = client.cancelKey();
    if (key != null) {
      BackendWriter.backendKeyData(out, key);
    }
    String notice = view.clients().config().values().get(Settings.LOGIN_NOTIFY_MESSAGE);
    if (!notice.isEmpty()) {
      BackendWriter.notice(out, SqlState.SUCCESSFUL_COMPLETION, notice, null);
    }
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    client.link().write(out);
  }

  /** The console's own values, and over them what the client has asked for. */
  private static Map<String, String> parameters(Client client) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("server_version", ShowVersion.VERSION + "/bouncer");
    parameters.put("client_encoding", "UTF8");
    parameters.put("server_encoding", "UTF8");
    parameters.put("DateStyle", "ISO");
    parameters.put("TimeZone", "GMT");
    parameters.put("standard_conforming_strings", "on");
    parameters.put("is_superuser", "on");
    SessionVars vars = client.vars();
    if (vars != null) {
      for (int i = 0; i < vars.tracked().count(); i++) {
        String wish = vars.get(i);
        if (wish != null) {
          parameters.put(vars.tracked().name(i), wish);
        }
      }
    }
    return parameters;
  }

  /** Nobody can come in while all is suspended: the last one to leave must not leave it so. */
  private void clientGone() {
    clientCount--;
    if (clientCount == 0 && view.actions().isSuspended()) {
      log.info("admin disappeared when suspended, doing RESUME");
      view.alone(() -> view.actions().resumeAll());
    }
  }
}
