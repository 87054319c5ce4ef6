package io.sluice.protocol;

/**
 * Names the type bytes of the messages that a client sends.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public final class FrontendType {
  /** Bind: parameters for a prepared statement. */
  public static final byte BIND = 'B';

  /** Close: forget a statement or a portal. */
  public static final byte CLOSE = 'C';

  /** CopyData: a piece of a COPY stream. */
  public static final byte COPY_DATA = 'd';

  /** CopyDone: the COPY stream is complete. */
  public static final byte COPY_DONE = 'c';

  /** CopyFail: the COPY stream is given up. */
  public static final byte COPY_FAIL = 'f';

  /** Describe: ask for the shape of a statement or a portal. */
  public static final byte DESCRIBE = 'D';

  /** Execute: run a portal. */
  public static final byte EXECUTE = 'E';

  /** Flush: send the replies that are pending. */
  public static final byte FLUSH = 'H';

  /** FunctionCall: the old fast path. */
  public static final byte FUNCTION_CALL = 'F';

  /** Parse: prepare a statement. */
  public static final byte PARSE = 'P';

  /** PasswordMessage, SASLInitialResponse, SASLResponse or GSSResponse, by context. */
  public static final byte PASSWORD = 'p';

  /** Query: a string of SQL in the simple protocol. */
  public static final byte QUERY = 'Q';

  /** Sync: the end of a series of extended-protocol messages. */
  public static final byte SYNC = 'S';

  /** Terminate: the client leaves. */
  public static final byte TERMINATE = 'X';

  private FrontendType() {}

  /** Returns the manual's name of the message, or {@code unknown (0x..)}; for logs. */
  public static String describe(byte type) {
    return switch (type) {
      case BIND -> "Bind";
      case CLOSE -> "Close";
      case COPY_DATA -> "CopyData";
      case COPY_DONE -> "CopyDone";
      case COPY_FAIL -> "CopyFail";
      case DESCRIBE -> "Describe";
      case EXECUTE -> "Execute";
      case FLUSH -> "Flush";
      case FUNCTION_CALL -> "FunctionCall";
      case PARSE -> "Parse";
      case PASSWORD -> "PasswordMessage";
      case QUERY -> "Query";
      case SYNC -> "Sync";
      case TERMINATE -> "Terminate";
      default -> String.format("unknown (0x%02x)", type);
    };
  }
}
