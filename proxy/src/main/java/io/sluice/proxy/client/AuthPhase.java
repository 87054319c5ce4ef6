package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.protocol.FrontendType;
import io.sluice.proxy.auth.Access;
import io.sluice.proxy.auth.AuthDecision;
import io.sluice.proxy.auth.AuthMethod;
import io.sluice.proxy.auth.ChannelOffer;
import io.sluice.proxy.auth.Workplace;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.Offload;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;
import io.sluice.proxy.tls.TlsSession;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that has to prove who it is: drives the method, which decides. Slow steps run on a
 * worker while the client is not read from. Confined to its event loop.
 */
final class AuthPhase extends WholeMessagePhase {
  private static final Logger log = LoggerFactory.getLogger(AuthPhase.class);

  /** A password may have 65,530 bytes. */
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Client client;
  private final AuthMethod method;
  private final Access access;
  private final Outcome outcome;
  private @Nullable PendingCheck check;
  private boolean decided;
  private boolean answered;

  /**
   * What follows.
   *
   * @param admitted called when the client has proved who it is
   * @param refused called when it has not; the client is closed behind that
   */
  record Outcome(Runnable admitted, Runnable refused) {}

  AuthPhase(Client client, AuthMethod method, Access access, Outcome outcome) {
    super(client.inbox(), MAX_BODY_BYTES);
    this.client = client;
    this.method = method;
    this.access = access;
    this.outcome = outcome;
  }

  /** Asks the first question. */
  void start() {
    TlsSession tls = client.connection().tls();
    method.bind(
        new ChannelOffer(
            client.clients().config().values().get(Settings.CLIENT_CHANNEL_BINDING),
            tls == null ? null : tls.serverEndPoint()));
    step(method.beginsOn(), method::begin);
  }

  @Override
  protected PgConnection connection() {
    return client.connection();
  }

  @Override
  protected boolean isBusy() {
    return check != null || decided;
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    if (type == FrontendType.TERMINATE) {
      client.close(ClientClose.REQUESTED);
      return;
    }
    if (type != FrontendType.PASSWORD) {
      client.close(ClientClose.BAD_LOGIN_PACKET);
      return;
    }
    if (!client.seat().mayAnswer(client.connection().loop().nowNs())) {
      client.close(ClientClose.TOO_MANY_FAILURES);
      return;
    }
    answered = true;
    byte[] body = new byte[bodyLength];
    view.getBytes(bodyStart, body);
    step(method.answersOn(), () -> method.answer(body));
  }

  private void step(Workplace place, Supplier<AuthDecision> step) {
    switch (place) {
      case LOOP -> apply(step.get());
      case WORKER -> work(client.connection().loop().offload(), step);
      case DIRECTORY -> work(access.directory(), step);
    }
  }

  private void work(Offload offload, Supplier<AuthDecision> step) {
    PendingCheck pending = new PendingCheck(client.seat(), answered);
    check = pending;
    client.link().pause(Link.HELD);
    client.onClosed(pending::abandon);
    if (!offload.submit(
        pending::isWanted, step, decision -> finished(pending, decision), this::failed)) {
      client.close(ClientClose.INTERNAL, ClientClose.INTERNAL.sqlState(), "too many logins");
    }
  }

  private void finished(PendingCheck done, AuthDecision decision) {
    check = null;
    if (client.isClosed()) {
      done.decidedLate(decision, client.connection().loop().nowNs());
      return;
    }
    client.onClosed(() -> {});
    client.link().resume(Link.HELD);
    apply(decision);
    proceed();
  }

  private void failed(RuntimeException bug) {
    log.error("{} authentication failed to run", client.name(), bug);
    client.close(ClientClose.INTERNAL);
  }

  private void apply(AuthDecision decision) {
    if (decision instanceof AuthDecision.Refused refused) {
      refuse(refused);
      return;
    }
    ByteBuf out = client.link().alloc().buffer();
    if (decision instanceof AuthDecision.Challenge challenge) {
      challenge.message().accept(out);
      client.link().write(out);
      return;
    }
    AuthDecision.Accepted accepted = (AuthDecision.Accepted) decision;
    accepted.message().accept(out);
    client.link().write(out);
    client.setProof(accepted);
    decided = true;
    client.holdReading();
    outcome.admitted().run();
  }

  private void refuse(AuthDecision.Refused refused) {
    outcome.refused().run();
    log(refused);
    // Whom a rule turns away has guessed nothing.
    long delayNs = answered ? client.seat().failed(client.connection().loop().nowNs()) : 0;
    if (delayNs > 0) {
      decided = true;
      client.holdReading();
      client
          .connection()
          .loop()
          .schedule(() -> tell(refused), TimeUnit.NANOSECONDS.toMillis(delayNs));
    } else {
      tell(refused);
    }
  }

  private void log(AuthDecision.Refused refused) {
    long nowNs = client.connection().loop().nowNs();
    if (client.seat().mayLog(nowNs)) {
      boolean unknown = refused.detail().equals("no such user");
      log.info("{} {}{}", client.name(), refused.detail(), unknown ? ": " + client.userName() : "");
    }
    if (client.seat().mayLog(nowNs)) {
      log.info(
          "{} login failed: db={} user={}",
          client.name(),
          client.databaseName(),
          client.userName());
    }
  }

  private void tell(AuthDecision.Refused refused) {
    client.close(ClientClose.AUTHENTICATION_FAILED, refused.sqlState(), refused.text());
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.PROTOCOL_VIOLATION, sqlState, text);
  }

  @Override
  public void onClosed(String cause) {
    PendingCheck pending = check;
    if (pending != null) {
      pending.left(client.connection().loop().nowNs());
    }
    client.close(ClientClose.LOST);
  }
}
