package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.sluice.config.setting.Settings;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.admin.command.Answer;
import io.sluice.proxy.admin.command.CommandCall;
import io.sluice.proxy.admin.command.CommandTable;
import io.sluice.proxy.admin.command.Reading;
import io.sluice.proxy.admin.show.ProxyView;
import io.sluice.proxy.client.Cancellable;
import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.net.Link;
import io.sluice.proxy.net.PgConnection;
import io.sluice.proxy.net.WholeMessagePhase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client on the console: one command a message in the simple protocol, prepared commands in the
 * extended one. Never in a transaction. Confined to the event loop.
 */
final class ConsolePhase extends WholeMessagePhase implements Cancellable {
  private static final Logger log = LoggerFactory.getLogger(ConsolePhase.class);

  /** A command has a few words; drivers send lists of parameters and formats. */
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final Client client;
  private final boolean mayChange;
  private final ProxyView view;
  private final ExtendedConsole extended = new ExtendedConsole(this);
  private @Nullable PendingAnswer pending;

  /** Whether the next message waits until all connections have had a turn, and for the client. */
  private boolean resting;

  ConsolePhase(Client client, boolean mayChange, ProxyView view) {
    super(client.inbox(), MAX_BODY_BYTES);
    this.client = client;
    this.mayChange = mayChange;
    this.view = view;
  }

  // ---- events

  @Override
  protected PgConnection connection() {
    return client.connection();
  }

  @Override
  protected boolean isBusy() {
    return pending != null || resting;
  }

  @Override
  protected void onWaiting(int heldBytes) {
    if (heldBytes > MAX_BODY_BYTES) {
      client.link().pause(Link.QUEUE_FULL);
    }
  }

  /** Goes on with the next message, unless the client does not read what it was answered. */
  private void endRest() {
    if (resting && client.link().isWritable()) {
      resting = false;
      goOn();
    }
  }

  private void goOn() {
    if (!client.isClosed() && !isBusy()) {
      client.link().resume(Link.QUEUE_FULL);
      proceed();
    }
  }

  @Override
  public void onWritability(boolean writable) {
    endRest();
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    resting = true;
    client.connection().loop().executeNextRound(this::endRest);
    ByteBuf body = view.slice(bodyStart, bodyLength);
    if (type == FrontendType.TERMINATE) {
      client.close(ClientClose.REQUESTED);
    } else if (type == FrontendType.QUERY) {
      if (!extended.isSkipping()) {
        query(CStrings.read(body, bodyLength));
      }
    } else if (!extended.onMessage(type, body)) {
      refuse("unsupported packet type for admin console: " + type);
      client.close(ClientClose.PROTOCOL_VIOLATION);
    }
  }

  private void query(String text) {
    extended.dropUnnamed();
    Reading reading = CommandTable.read(text);
    if (reading instanceof Reading.Empty) {
      answerNothing();
      return;
    }
    Answer answer = run(reading);
    if (await(answer, true)) {
      return;
    }
    ByteBuf out = buffer();
    if (answer instanceof Answer.Rows rows) {
      Portal portal = new Portal(reading, List.of());
      BackendWriter.rowDescription(out, rows.table().columns());
      portal.fetch(out, rows.table(), 0);
    }
    write(out, answer);
    if (!(answer instanceof Answer.Ending)) {
      BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    }
    send(out);
  }

  /** Answers a query without a command as PostgreSQL does; drivers ask that way who is alive. */
  private void answerNothing() {
    ByteBuf out = buffer();
    BackendWriter.emptyQueryResponse(out);
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    send(out);
  }

  /** Runs a command; what is none answers with its refusal. */
  Answer run(Reading reading) {
    if (reading instanceof Reading.NotUnderstood mistake) {
      return mistake.refusal();
    }
    Reading.Understood understood = (Reading.Understood) reading;
    view.console().queries++;
    view.console().transactions++;
    CommandCall call = new CommandCall(client, mayChange, understood.text(), view);
    return view.alone(() -> understood.command().run(call));
  }

  // ---- answers that take their time

  /**
   * Waits for the end of a command; messages that come meanwhile wait too.
   *
   * @param simple whether ReadyForQuery follows the answer
   * @return false when there is nothing to wait for
   */
  boolean await(Answer answer, boolean simple) {
    if (answer instanceof Answer.Later later) {
      PendingAnswer begun = new PendingAnswer(this, later.tag(), later.onCancel(), simple);
      begin(begun, () -> later.begin().accept(begun));
      return true;
    }
    if (answer instanceof Answer.Soon soon) {
      PendingAnswer begun = new PendingAnswer(this, "", () -> {}, simple);
      begin(begun, () -> soon.begin().accept(end -> settle(begun, end)));
      return true;
    }
    return false;
  }

  private void begin(PendingAnswer begun, Runnable work) {
    pending = begun;
    view.alone(work);
  }

  /** A waiting command has ended, one way or the other. */
  void settle(PendingAnswer settled, Answer answer) {
    if (pending != settled) {
      return;
    }
    pending = null;
    if (client.isClosed()) {
      return;
    }
    ByteBuf out = buffer();
    write(out, answer);
    if (settled.isSimple()) {
      BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    } else if (answer instanceof Answer.Refused) {
      extended.skip();
    }
    send(out);
    goOn();
  }

  @Override
  public boolean cancel() {
    PendingAnswer cancelled = pending;
    if (cancelled == null) {
      return false;
    }
    view.actions().forget(cancelled);
    view.alone(cancelled::undo);
    settle(
        cancelled,
        new Answer.Refused(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
    return true;
  }

  /** The client has gone: nobody waits any more. What was begun goes on, as in PgBouncer. */
  void abandon() {
    PendingAnswer left = pending;
    pending = null;
    if (left != null) {
      view.actions().forget(left);
    }
  }

  // ---- replies

  /** Writes what ends a command: its tag, its notice or its error. */
  void write(ByteBuf out, Answer answer) {
    if (answer instanceof Answer.Done done) {
      BackendWriter.commandComplete(out, done.tag());
    } else if (answer instanceof Answer.Rows) {
      BackendWriter.commandComplete(out, "SHOW");
    } else if (answer instanceof Answer.Told told) {
      BackendWriter.notice(out, SqlState.SUCCESSFUL_COMPLETION, told.notice(), told.detail());
      BackendWriter.commandComplete(out, told.tag());
    } else if (answer instanceof Answer.Refused refused) {
      if (view.clients().config().values().get(Settings.LOG_POOLER_ERRORS)) {
        log.warn("{} pooler error: {}", client.name(), refused.text());
      }
      BackendWriter.error(out, "ERROR", refused.sqlState(), refused.text());
    }
  }

  private void refuse(String text) {
    ByteBuf out = buffer();
    write(out, Answer.refused(text));
    send(out);
  }

  ByteBuf buffer() {
    return client.link().alloc().buffer();
  }

  void send(ByteBuf owned) {
    client.link().write(owned);
  }

  @Override
  public void onViolation(String sqlState, String text) {
    client.close(ClientClose.PROTOCOL_VIOLATION, sqlState, text);
  }

  @Override
  public void onClosed(String cause) {
    client.close(ClientClose.LOST);
  }
}
