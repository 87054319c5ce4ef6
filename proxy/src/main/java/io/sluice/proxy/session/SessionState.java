package io.sluice.proxy.session;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one server have left in its session, as far as their statements tell.
 *
 * <p>A statement is noted when it is sent, whether or not it succeeds: too much is cleaned then,
 * and nothing is overlooked. Confined to the event loop.
 */
@HotPath
public final class SessionState {
  private int kinds;
  private int locks;
  private int prepared;
  private boolean everPrepared;
  private int prepares;
  private int drops;
  private int dropsOfAll;
  private boolean listenedForAnother;

  /** Notes what a statement leaves behind: a result of {@link StatementLook}. */
  public void note(int look) {
    if ((look & StatementLook.UNLOCKS) != 0) {
      locks = Math.max(0, locks - 1);
    }
    if ((look & StateKind.LOCK.bit()) != 0) {
      locks++;
    }
    kinds |= look & StatementLook.KINDS;
  }

  /**
   * Notes a LISTEN that somebody else takes over, at the end of the transaction: nobody is to be
   * bound to this server by it, whatever policy there is.
   */
  public void noteListenForAnother() {
    listenedForAnother = true;
  }

  /** Says whether the server may listen on channels that are another's to listen on. */
  public boolean isListeningForAnother() {
    return listenedForAnother;
  }

  /** PostgreSQL has carried out a PREPARE. */
  public void prepared() {
    prepared++;
    prepares++;
    everPrepared = true;
  }

  /** PostgreSQL is about to have something of ours that it will be told to drop. */
  public void preparedByUs() {
    prepared++;
  }

  /** PostgreSQL has dropped one prepared statement by its name. */
  public void deallocated() {
    prepared = Math.max(0, prepared - 1);
    drops++;
  }

  /** PostgreSQL has dropped all prepared statements. */
  public void allDeallocated() {
    prepared = 0;
    everPrepared = false;
    dropsOfAll++;
  }

  /** How often PostgreSQL has carried out a PREPARE on this connection. */
  public int prepares() {
    return prepares;
  }

  /** How often PostgreSQL has dropped one prepared statement by its name. */
  public int drops() {
    return drops;
  }

  /** How often PostgreSQL has dropped all prepared statements. */
  public int dropsOfAll() {
    return dropsOfAll;
  }

  /** Says whether there is anything that the next client would meet. */
  public boolean isClean() {
    return kinds() == 0;
  }

  /**
   * Says whether the client still needs this very server: locks that it gave back and statements
   * that it dropped do not count.
   */
  public boolean binds() {
    int others = kinds() & ~StateKind.LOCK.bit() & ~StateKind.PREPARED.bit();
    return others != 0 || locks > 0 || (prepared > 0 && (kinds & StateKind.PREPARED.bit()) != 0);
  }

  /**
   * The kinds of state that there may be, as a set of {@link StateKind#bit}. Statements that were
   * prepared in SQL may be there once one has been: what was dropped by a name may have been
   * prepared otherwise.
   */
  public int kinds() {
    return everPrepared ? kinds : kinds & ~StateKind.PREPARED.bit();
  }

  /** PostgreSQL has taken everything away. */
  public void forgetAll() {
    kinds = 0;
    locks = 0;
    prepared = 0;
    everPrepared = false;
    listenedForAnother = false;
  }

  /** The statements that take everything away; null when nothing can. */
  public @Nullable String cure() {
    StringBuilder sql = new StringBuilder();
    for (StateKind kind : StateKind.values()) {
      if ((kinds() & kind.bit()) != 0) {
        if (kind.cure() == null) {
          return null;
        }
        sql.append(sql.length() == 0 ? "" : ";").append(kind.cure());
      }
    }
    if (listenedForAnother && (kinds() & StateKind.LISTEN.bit()) == 0) {
      sql.append(sql.length() == 0 ? "" : ";").append(StateKind.LISTEN.cure());
    }
    return sql.toString();
  }

  /** The statement that takes listening away, and nothing else. */
  public static @Nullable String listenCure() {
    return StateKind.LISTEN.cure();
  }

  @Override
  public String toString() {
    return StateKind.words(kinds());
  }
}
