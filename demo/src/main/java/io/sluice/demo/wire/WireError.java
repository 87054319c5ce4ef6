package io.sluice.demo.wire;

import java.util.Map;

/** An ErrorResponse that answered a login or a query. */
public final class WireError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Map<Character, String> fields;

  /** Takes the fields of an ErrorResponse. */
  public WireError(WireMessage error) {
    super(text(error.fields()));
    this.fields = error.fields();
  }

  /** Returns {@code ERROR}, {@code FATAL} or {@code PANIC}. */
  public String severity() {
    return field('S');
  }

  /** Returns the five characters of the SQLSTATE. */
  public String sqlState() {
    return field('C');
  }

  /** Returns the primary message. */
  public String text() {
    return field('M');
  }

  /** Returns a field by its code, empty when it is missing. */
  public String field(char code) {
    return fields.getOrDefault(code, "");
  }

  /** Tells whether the server closes the connection after this error. */
  public boolean isFatal() {
    return !severity().equals("ERROR");
  }

  private static String text(Map<Character, String> fields) {
    return fields.get('S') + ": " + fields.get('M') + " (" + fields.get('C') + ")";
  }
}
