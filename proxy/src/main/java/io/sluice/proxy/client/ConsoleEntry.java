package io.sluice.proxy.client;

/** What happens after a login to the console's database. */
public interface ConsoleEntry {
  /**
   * Says hello and takes the client over.
   *
   * @param mayChange whether it may give commands, or only SHOW
   */
  void open(Client client, boolean mayChange);
}
