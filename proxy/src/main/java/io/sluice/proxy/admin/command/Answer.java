package io.sluice.proxy.admin.command;

import io.sluice.protocol.SqlState;
import io.sluice.proxy.admin.show.ShowTable;
import io.sluice.proxy.lifecycle.ConsoleActions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What becomes of a command. */
public sealed interface Answer {

  /** It is done; the tag says so. */
  record Done(String tag) implements Answer {}

  /** It was a SHOW. */
  record Rows(ShowTable table) implements Answer {}

  /** It is done, and there is something to tell beside the tag. */
  record Told(String notice, @Nullable String detail, String tag) implements Answer {}

  /** It was refused. */
  record Refused(String sqlState, String text) implements Answer {}

  /**
   * It is begun, and is answered when it is done.
   *
   * @param tag the tag of the answer
   * @param begin has somebody told of the end; perhaps at once
   * @param onCancel takes back what was begun, when the client does not want it any more
   */
  record Later(String tag, Consumer<ConsoleActions.Waiting> begin, Runnable onCancel)
      implements Answer {}

  /**
   * It takes no pause to be done, but the reading of files.
   *
   * @param begin is given who takes the answer; perhaps at once
   */
  record Soon(Consumer<Consumer<Answer>> begin) implements Answer {}

  /** The process ends now; nobody is left to answer. */
  record Ending() implements Answer {}

  /** Refuses with the SQLSTATE that PgBouncer has for nearly everything. */
  static Refused refused(String text) {
    return new Refused(SqlState.PROTOCOL_VIOLATION, text);
  }
}
