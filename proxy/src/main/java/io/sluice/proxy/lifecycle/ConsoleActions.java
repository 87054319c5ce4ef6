package io.sluice.proxy.lifecycle;

import io.sluice.config.setting.Setting;
import io.sluice.proxy.auth.hba.HbaRules;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What commands of the console make the whole process do. The console has checked the caller's
 * rights, the names and that the command fits the present state; it writes the log line. Called on
 * the first event loop, while it is alone.
 */
public interface ConsoleActions {
  /** Somebody who waits for a command's effect. Called on the event loop, one method, once. */
  interface Waiting {
    /** What was waited for has come. */
    void done();

    /** It will not come: RESUME has taken the PAUSE or SUSPEND back. */
    void undone();
  }

  /**
   * Reads the configuration anew. What was asked for before is done first.
   *
   * @param told is given null when all is in force, or why it failed; nothing is changed then.
   *     Called on the first event loop while it is alone, perhaps within this call
   */
  void reload(Consumer<@Nullable String> told);

  /**
   * Sets a value until the next reload, after what was asked for before. A setting that acts only
   * at restart is checked and left.
   *
   * @param text the value in the dialect of PgBouncer's files
   * @param told is given null, or why the value is refused; called as for a reload
   */
  void set(Setting<?> setting, String text, Consumer<@Nullable String> told);

  // ---- state

  /** Says whether PAUSE, or the shutdown that waits for servers, holds all databases. */
  boolean isPaused();

  /** Says whether SUSPEND is in force or under way. */
  boolean isSuspended();

  /** Says whether the process waits for clients or servers to end. */
  boolean isShuttingDown();

  // ---- pausing

  /** Pauses all databases. Called only while neither paused nor suspended. */
  void pauseAll();

  /** Pauses one database. */
  void pause(String database);

  /** Stops reading everywhere. Called only while neither paused nor suspended. */
  void suspend();

  /** Takes PAUSE, SUSPEND and every pause of a single database back; tells those who wait. */
  void resumeAll();

  /** Takes PAUSE or KILL of one database back; tells those who wait for it. */
  void resume(String database);

  /**
   * Calls back when no server of a selection is in use or connected; within this call if so now.
   *
   * @param database the database, or null for all
   */
  void whenPaused(@Nullable String database, Waiting waiting);

  /** Calls back when SUSPEND is complete; within this call if so now. */
  void whenSuspended(Waiting waiting);

  /**
   * Calls back when no server of a selection has to be closed; within this call if so now.
   *
   * @param database the database, or null for all
   */
  void whenClosed(@Nullable String database, Waiting waiting);

  /** Forgets somebody who waits: the client has gone or has cancelled the command. */
  void forget(Waiting waiting);

  // ---- logins

  /** The rules that decide logins; none unless auth_type is hba. */
  HbaRules rules();

  // ---- databases

  /** Ends all clients and servers of all databases and leaves the databases paused. */
  void killAll();

  /** Ends all clients and servers of one database and leaves it paused. */
  void kill(String database);

  /** Refuses new logins to a database. */
  void disable(String database);

  /** Accepts logins to a database again. */
  void enable(String database);

  /**
   * Has servers replaced: free ones soon, busy ones when they are released.
   *
   * @param database the database, or null for all
   */
  void reconnect(@Nullable String database);

  // ---- the end

  /** Ends the process at once with status 0. May not return. */
  void shutdownNow();

  /** Pauses, stops listening on TCP and ends the process once no server is left. */
  void shutdownWaitForServers();

  /** Stops listening on TCP and ends the process once no client is left. */
  void shutdownWaitForClients();
}
