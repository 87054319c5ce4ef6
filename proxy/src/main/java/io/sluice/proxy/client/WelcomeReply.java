package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.pool.Pool;
import io.sluice.proxy.pool.Welcome;
import io.sluice.proxy.server.SessionVars;
import io.sluice.proxy.server.TrackedParameters;

/**
 * What a client is told when it is in: parameters, the key for cancelling, ReadyForQuery. Taken
 * from the pool's first server, so that no server is needed for a login.
 */
final class WelcomeReply {
  /** Room for all of it, most often: a buffer that grows is copied. */
  static final int USUAL_BYTES = 1024;

  private WelcomeReply() {}

  static void write(
      ByteBuf out, Client client, Pool pool, StartupParameters parameters, Values values) {
    Welcome welcome = pool.welcome();
    if (welcome == null) {
      throw new IllegalStateException("pool has no welcome: " + pool);
    }
    welcome.writeUntracked(out);
    SessionVars vars = vars(out, client, welcome, parameters, values);
    client.clients().share(vars);
    client.setVars(vars);
    pool.introduction().write(out);
    BackendWriter.backendKeyData(out, client.clients().giveKey(client, parameters.version()));
    String notice = values.get(Settings.LOGIN_NOTIFY_MESSAGE);
    if (!notice.isEmpty()) {
      BackendWriter.notice(out, SqlState.SUCCESSFUL_COMPLETION, notice, null);
    }
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
  }

  /** The tracked parameters: the client's wish where it has one, as it spells it. */
  private static SessionVars vars(
      ByteBuf out, Client client, Welcome welcome, StartupParameters parameters, Values values) {
    TrackedParameters tracked = welcome.tracked().tracked();
    SessionVars vars = new SessionVars(tracked);
    for (int i = 0; i < tracked.count(); i++) {
      String usual = welcome.tracked().get(i);
      String wish = parameters.wishes().get(i);
      if (i == tracked.applicationName() && values.get(Settings.APPLICATION_NAME_ADD_HOST)) {
        wish = client.address().addedTo(wish);
      }
      if (wish != null && !wish.equals(usual) && !isUsual(tracked.name(i), wish, welcome)) {
        vars.wish(i, wish);
      } else if (usual != null) {
        vars.set(i, usual);
      }
      String told = vars.get(i);
      if (usual != null && usual.equals(told)) {
        welcome.writeTracked(out, i);
      } else if (usual != null && told != null) {
        BackendWriter.parameterStatus(out, tracked.name(i), told);
      }
    }
    return vars;
  }

  private static boolean isUsual(String name, String wish, Welcome welcome) {
    return name.equals("extra_float_digits") && welcome.printsExactly(wish);
  }
}
