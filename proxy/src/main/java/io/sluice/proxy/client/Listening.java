package io.sluice.proxy.client;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.listen.Hub;
import io.sluice.proxy.listen.Subscriber;
import io.sluice.proxy.server.EndWatcher;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.session.ListenCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client that listens, or has listened, through a shared server: what its transaction has asked
 * for, which takes effect when that is committed, and the notifications that wait for the end of
 * one. Confined to its event loop.
 *
 * <p>From a LISTEN to the end of its transaction the client's requests go out one at a time, and
 * ReadyForQuery is withheld until the hub listens: from there on nothing is missed.
 *
 * <pre>
 *   NONE ─ LISTEN ─→ NOTED ─ Sync ─→ SENT ─ Z in a transaction ─→ NOTED
 *    ↑                                │ Z
 *    ╰────────── confirmed ←─ CONFIRMING
 * </pre>
 */
final class Listening implements EndWatcher, Subscriber {
  private static final byte[] ROLLBACK = "ROLLBACK".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);
  private static final String GAP = "notifications may have been lost";

  private final Client client;
  private final Hub hub;
  private final int maxQueueBytes;

  /** Channels of one client, and commands of one of its transactions. */
  private static final int MAX_CHANNELS = 10_000;

  private final List<ListenCommand> journal = new ArrayList<>();

  /** The channels that the client has asked for. */
  private final Set<String> heard = new HashSet<>();

  private Stage stage = Stage.NONE;
  private @Nullable ByteBuf pending;
  private @Nullable Server withheld;
  private long firstRequest;
  private boolean failed;
  private boolean rolledBack;
  private boolean committed;

  private enum Stage {
    /** Nothing was asked for. */
    NONE,
    /** Something was, in a transaction that goes on. */
    NOTED,
    /** The request that may end the transaction is sent. */
    SENT,
    /** The transaction has ended; the hub does not listen yet. */
    CONFIRMING
  }

  Listening(Client client, Hub hub, int maxQueueBytes) {
    this.client = client;
    this.hub = hub;
    this.maxQueueBytes = maxQueueBytes;
    client.onClosed(this::end);
  }

  // ---- the client's requests

  /**
   * Statements that begin or end listening are about to be sent.
   *
   * @throws ProtocolViolation 08P01 when there are too many of them
   */
  void note(Server server, List<ListenCommand> commands) {
    if (journal.isEmpty()) {
      firstRequest = server.requests().lastNumber() + 1;
      failed = false;
      rolledBack = false;
      committed = false;
    }
    journal.addAll(commands);
    if (journal.size() > MAX_CHANNELS) {
      throw new ProtocolViolation(
          "more than " + MAX_CHANNELS + " times LISTEN or UNLISTEN in a transaction");
    }
    stage = Stage.NOTED;
    server.requests().watchEnd(this);
  }

  /** A request is about to be sent. */
  void entered(byte type) {
    boolean ends =
        type == FrontendType.QUERY
            || type == FrontendType.SYNC
            || type == FrontendType.FUNCTION_CALL;
    if (stage == Stage.NOTED && ends) {
      stage = Stage.SENT;
    }
  }

  /** Says whether the client's next request must wait. */
  boolean holdsBack() {
    return stage == Stage.SENT || stage == Stage.CONFIRMING;
  }

  // ---- the answers

  @Override
  public void failed() {
    failed = true;
  }

  @Override
  public void completed(ByteBuf view, int start, int length) {
    // The tag, without its NUL.
    rolledBack |= CStrings.equals(view, start, length - 1, ROLLBACK);
    committed |= CStrings.equals(view, start, length - 1, COMMIT);
  }

  @Override
  public boolean mayEnd(long request, byte status) {
    if (status == TransactionStatus.IDLE) {
      deliver();
    }
    if (stage != Stage.SENT || request < firstRequest) {
      return true;
    }
    if (status != TransactionStatus.IDLE && !committed) {
      stage = Stage.NOTED;
      return true;
    }
    return apply();
  }

  /** The transaction is over; says whether what it asked for is so. */
  private boolean apply() {
    boolean aborted = (failed || rolledBack) && !committed;
    List<ListenCommand> asked = new ArrayList<>();
    for (ListenCommand command : journal) {
      // Where a part of it was rolled back, too much is heard rather than too little.
      if (!aborted && (command.listens() || !(failed || rolledBack))) {
        asked.add(command);
      }
    }
    journal.clear();
    stage = Stage.NONE;
    asked.forEach(this::count);
    if (heard.size() > MAX_CHANNELS) {
      failed("more than " + MAX_CHANNELS + " channels");
      return false;
    }
    if (asked.isEmpty() || hub.change(this, asked)) {
      return true;
    }
    stage = Stage.CONFIRMING;
    withheld = client.server();
    return false;
  }

  private void count(ListenCommand command) {
    if (command.channel() == null) {
      heard.clear();
    } else if (command.listens()) {
      heard.add(command.channel());
    } else {
      heard.remove(command.channel());
    }
  }

  @Override
  public void confirmed() {
    Server server = withheld;
    withheld = null;
    if (server == null || client.isClosed() || client.server() != server) {
      return;
    }
    stage = Stage.NONE;
    deliver();
    ByteBuf out = client.link().alloc().buffer(8);
    BackendWriter.readyForQuery(out, server.transactionStatus());
    client.link().write(out);
    server.reportSettled();
    client.serverPrepared();
  }

  @Override
  public void failed(String reason) {
    client.close(
        ClientClose.LISTEN_FAILED,
        ClientClose.LISTEN_FAILED.sqlState(),
        ClientClose.LISTEN_FAILED.text() + ": " + reason);
  }

  // ---- notifications

  @Override
  public void notified(ByteBuf view, int start, int length) {
    push(client.link().alloc().buffer(length).writeBytes(view, start, length));
  }

  @Override
  public void resumed() {
    ByteBuf notice = client.link().alloc().buffer();
    BackendWriter.notice(notice, SqlState.WARNING, GAP, null);
    push(notice);
  }

  private void push(ByteBuf owned) {
    Server held = client.server();
    ByteBuf before = pending;
    int queued = before == null ? 0 : before.readableBytes();
    if (queued + client.connection().pendingBytes() + owned.readableBytes() > maxQueueBytes) {
      owned.release();
      client.close(ClientClose.LISTEN_OVERFLOW);
    } else if (held == null) {
      client.link().write(owned);
    } else if (before == null) {
      pending = owned;
      awaitEnd(held);
    } else {
      before.writeBytes(owned);
      owned.release();
      awaitEnd(held);
    }
  }

  /** Where PostgreSQL would speak: at once between transactions, else at the end of this one. */
  private void awaitEnd(Server held) {
    if (held.isReady() && stage != Stage.CONFIRMING) {
      deliver();
    } else {
      held.requests().watchEnd(this);
    }
  }

  private void deliver() {
    ByteBuf out = pending;
    pending = null;
    if (out != null) {
      client.link().write(out);
    }
  }

  private void end() {
    hub.leave(this);
    ByteBuf left = pending;
    pending = null;
    if (left != null) {
      left.release();
    }
  }
}
