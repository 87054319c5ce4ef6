package io.sluice.proxy.auth;

import io.sluice.proxy.catalog.Credentials;

/** What auth_query says about a user. */
public sealed interface Lookup {
  /**
   * There is such a user.
   *
   * @param name the name that the query returned, which is the login's name from here on
   * @param credentials the secret; an empty one matches nothing
   */
  record Found(String name, Credentials credentials) implements Lookup {}

  /** The query returned no row. */
  record Missing() implements Lookup {
    static final Missing INSTANCE = new Missing();
  }

  /**
   * The query could not be run, or did not return what it should; the log has the details.
   *
   * @param text what the client is told
   */
  record Failed(String text) implements Lookup {
    /** What a stranger may know of a mistake in the configuration, or of PostgreSQL being down. */
    static final Failed CONFIG_ERROR = new Failed("bouncer config error");
  }
}
