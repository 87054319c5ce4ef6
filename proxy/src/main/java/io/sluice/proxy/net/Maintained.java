package io.sluice.proxy.net;

/** Something that wants to be called about three times a second on its event loop. */
public interface Maintained {
  /**
   * Does what is due.
   *
   * @param nowNs the loop's clock
   */
  void maintain(long nowNs);
}
