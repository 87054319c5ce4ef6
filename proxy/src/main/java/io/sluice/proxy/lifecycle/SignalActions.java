package io.sluice.proxy.lifecycle;

/** What signals can make a proxy do. Called from threads of the JVM, one call at a time. */
public interface SignalActions {
  /** What the proxy is doing now. */
  Activity activity();

  /**
   * Has the configuration read anew; a failure is logged and changes nothing.
   *
   * @param ended run when it is done, on any thread
   */
  void reload(Runnable ended);

  /** Pauses everything. Called only while {@link Activity#RUNNING}. */
  void pause();

  /** Resumes from PAUSE or SUSPEND. Called only while the proxy is in one of them. */
  void resume();

  /** Ends the process once no client is left. */
  void shutDownWithoutClients();

  /** Ends the process once no server is left. */
  void shutDownWithoutServers();

  /** Ends the process at once with status 0. May be called while another call is under way. */
  void exitNow();
}
