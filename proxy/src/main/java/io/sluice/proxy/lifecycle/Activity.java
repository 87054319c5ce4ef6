package io.sluice.proxy.lifecycle;

/** What the proxy is doing as a whole. */
public enum Activity {
  /** Serving. */
  RUNNING,
  /** Stopped, or stopping, by PAUSE: servers are released and closed. */
  PAUSED,
  /** Stopped, or stopping, by SUSPEND: connections stay as they are. */
  SUSPENDED,
  /** On its way to the end, waiting for clients or servers. */
  SHUTTING_DOWN
}
