package io.sluice.proxy.server;

import io.sluice.protocol.ErrorFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our own query with one parameter, whose rows we read: auth_query. One extended query, whose
 * answer ends with ReadyForQuery.
 */
public interface Inquiry {
  /** The statement to run; its parameter is {@code $1}. */
  String sql();

  /** The value of the parameter, as text. */
  String parameter();

  /** PostgreSQL says how many columns the rows will have; 0 for a statement without rows. */
  void columns(Server server, int count);

  /** A row has come: its values as text, null for NULL. */
  void row(Server server, List<@Nullable String> values);

  /** PostgreSQL answered with an error; ReadyForQuery still follows. */
  void failed(Server server, ErrorFields error);

  /**
   * The exchange is over.
   *
   * @param status the transaction status that PostgreSQL reports
   */
  void done(Server server, byte status);
}
