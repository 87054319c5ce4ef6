package io.sluice.it.script;

import io.sluice.demo.wire.FrontendMessages;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message of a client, and how it is told in a script. Immutable. */
public final class Request {
  /** In place of {@code 'd'}: CopyData that PostgreSQL will refuse. */
  static final char BAD_COPY_DATA = 'x';

  private final char type;
  private final String text;
  private final byte[] bytes;

  private Request(char type, String text, byte[] bytes) {
    this.type = type;
    this.text = text;
    this.bytes = bytes;
  }

  public static Request query(String sql) {
    return new Request('Q', "query(" + quoted(sql) + ")", FrontendMessages.query(sql));
  }

  public static Request parse(String statement, String sql, int... typeOids) {
    return new Request(
        'P',
        "parse(" + quoted(statement) + ", " + quoted(sql) + ")",
        FrontendMessages.parse(statement, sql, typeOids));
  }

  public static Request bind(String portal, String statement, @Nullable String... parameters) {
    StringBuilder text = new StringBuilder("bind(" + quoted(portal) + ", " + quoted(statement));
    for (@Nullable String parameter : parameters) {
      text.append(", ").append(parameter == null ? "null" : quoted(parameter));
    }
    return new Request('B', text + ")", FrontendMessages.bind(portal, statement, parameters));
  }

  public static Request describeStatement(String statement) {
    return new Request(
        'D',
        "describeStatement(" + quoted(statement) + ")",
        FrontendMessages.describeStatement(statement));
  }

  public static Request describePortal(String portal) {
    return new Request(
        'D', "describePortal(" + quoted(portal) + ")", FrontendMessages.describePortal(portal));
  }

  public static Request execute(String portal, int maxRows) {
    return new Request(
        'E',
        "execute(" + quoted(portal) + ", " + maxRows + ")",
        FrontendMessages.execute(portal, maxRows));
  }

  public static Request closeStatement(String statement) {
    return new Request(
        'C',
        "closeStatement(" + quoted(statement) + ")",
        FrontendMessages.closeStatement(statement));
  }

  public static Request closePortal(String portal) {
    return new Request(
        'C', "closePortal(" + quoted(portal) + ")", FrontendMessages.closePortal(portal));
  }

  public static Request sync() {
    return new Request('S', "sync()", FrontendMessages.sync());
  }

  public static Request flush() {
    return new Request('H', "flush()", FrontendMessages.flush());
  }

  public static Request copyData(String data) {
    return new Request('d', "copyData(" + quoted(data) + ")", FrontendMessages.copyData(data));
  }

  /** CopyData, whole lines, one of which PostgreSQL cannot read as what the table wants. */
  public static Request badCopyData(String data) {
    return new Request(
        BAD_COPY_DATA, "badCopyData(" + quoted(data) + ")", FrontendMessages.copyData(data));
  }

  public static Request copyDone() {
    return new Request('c', "copyDone()", FrontendMessages.copyDone());
  }

  public static Request copyFail(String reason) {
    return new Request('f', "copyFail(" + quoted(reason) + ")", FrontendMessages.copyFail(reason));
  }

  public static Request call(int functionOid, String... arguments) {
    return new Request(
        'F',
        "call(" + functionOid + ", " + String.join(", ", arguments) + ")",
        FrontendMessages.functionCall(functionOid, List.of(arguments)));
  }

  /** Any message of a type, whatever its body. */
  public static Request raw(char type, byte[] body) {
    return new Request(
        type, "raw('" + type + "', " + body.length + " bytes)", FrontendMessages.raw(type, body));
  }

  char type() {
    return type;
  }

  byte[] bytes() {
    return bytes;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\n", "\\n") + '"';
  }

  @Override
  public String toString() {
    return text;
  }
}
