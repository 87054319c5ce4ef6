package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import java.util.ArrayList;
import java.util.List;

/** Makes the columns of a SHOW, in order. */
public final class Columns {
  /** OID of {@code text}. */
  public static final int TEXT = 25;

  /** OID of {@code int4}. */
  public static final int INT4 = 23;

  /** OID of {@code int8}. */
  public static final int INT8 = 20;

  /** OID of {@code numeric}. */
  public static final int NUMERIC = 1700;

  /** OID of {@code bytea}. */
  public static final int BYTEA = 17;

  private static final int VARIABLE = -1;

  private final List<Column> columns = new ArrayList<>();

  private Columns() {}

  /** Begins with text columns. */
  static Columns text(String... names) {
    return new Columns().andText(names);
  }

  /** Begins with int4 columns. */
  static Columns int4(String... names) {
    return new Columns().andInt4(names);
  }

  Columns andText(String... names) {
    return add(TEXT, VARIABLE, names);
  }

  Columns andInt4(String... names) {
    return add(INT4, Integer.BYTES, names);
  }

  Columns andInt8(String... names) {
    return add(INT8, Long.BYTES, names);
  }

  Columns andNumeric(String... names) {
    return add(NUMERIC, VARIABLE, names);
  }

  Columns andBytea(String... names) {
    return add(BYTEA, VARIABLE, names);
  }

  private Columns add(int oid, int size, String... names) {
    for (String name : names) {
      columns.add(new Column(name, oid, size));
    }
    return this;
  }

  List<Column> list() {
    return List.copyOf(columns);
  }
}
