package io.sluice.proxy.catalog;

/**
 * How many connections databases and users have, over all event loops: each loop has a catalog of
 * its own, and all of them count here. Thread-safe.
 */
public final class Quotas {
  private final SharedTable<String, Counts> databases = new SharedTable<>(name -> new Counts());
  private final SharedTable<String, Counts> users = new SharedTable<>(name -> new Counts());

  /**
   * The connections of one name.
   *
   * @param servers server connections
   * @param clients clients that are logged in, or logging in
   */
  record Counts(Quota servers, Quota clients) {
    Counts() {
      this(new Quota(), new Quota());
    }
  }

  Counts ofDatabase(String name) {
    return databases.get(name);
  }

  Counts ofUser(String name) {
    return users.get(name);
  }
}
