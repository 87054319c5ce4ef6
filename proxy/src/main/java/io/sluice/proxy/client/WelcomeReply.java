package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.config.value.Values;
import io.sluice.protocol.CancelKey;
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
  private WelcomeReply() {}

  static void write(
      ByteBuf out, Client client, Pool pool, StartupParameters parameters, Values values) {
    Welcome welcome = pool.welcome();
    if (welcome == null) {
      throw new IllegalStateException("pool has no welcome: " + pool);
    }
    welcome.parameters().forEach((name, value) -> BackendWriter.parameterStatus(out, name, value));
    client.setVars(vars(out, client, welcome, parameters, values));
    CancelKey key = client.clients().newKey();
    client.setCancelKey(key);
    BackendWriter.backendKeyData(out, key);
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
      if (wish != null && !wish.equals(usual)) {
        vars.wish(i, wish);
      } else if (usual != null) {
        vars.set(i, usual);
      }
      String told = vars.get(i);
      if (told != null) {
        BackendWriter.parameterStatus(out, tracked.name(i), told);
      }
    }
    return vars;
  }
}
