package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the console answered to one command, taken apart. */
final class Reply {
  /** Columns as {@code name:type-oid}. */
  final List<String> columns = new ArrayList<>();

  final List<List<@Nullable String>> rows = new ArrayList<>();
  final List<String> tags = new ArrayList<>();

  /** Errors as {@code severity sqlstate text}. */
  final List<String> errors = new ArrayList<>();

  /** Notices: the text, and the detail on lines of its own. */
  final List<String> notices = new ArrayList<>();

  String letters = "";

  private Reply() {}

  static Reply of(List<Wire.Message> messages) {
    Reply reply = new Reply();
    reply.letters = Wire.letters(messages);
    messages.forEach(reply::add);
    return reply;
  }

  private void add(Wire.Message message) {
    ByteBuf body = message.body().duplicate();
    switch (message.letter()) {
      case 'T' -> addColumns(body);
      case 'D' -> addRow(body);
      case 'C' -> tags.add(text(body));
      case 'E' ->
          errors.add(field(message, 'S') + " " + field(message, 'C') + " " + message(message));
      case 'N' -> notices.add(message(message) + field(message, 'D'));
      default -> {
        // The letters tell.
      }
    }
  }

  private void addColumns(ByteBuf body) {
    int count = body.readShort();
    for (int i = 0; i < count; i++) {
      String name = text(body);
      body.skipBytes(Integer.BYTES + Short.BYTES);
      columns.add(name + ":" + body.readInt());
      body.skipBytes(Short.BYTES + Integer.BYTES + Short.BYTES);
    }
  }

  private void addRow(ByteBuf body) {
    int count = body.readShort();
    List<@Nullable String> row = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = body.readInt();
      row.add(length < 0 ? null : body.readCharSequence(length, StandardCharsets.UTF_8).toString());
    }
    rows.add(row);
  }

  private static String text(ByteBuf body) {
    String text =
        body.readCharSequence(body.bytesBefore((byte) 0), StandardCharsets.UTF_8).toString();
    body.skipBytes(1);
    return text;
  }

  private static String message(Wire.Message message) {
    return field(message, 'M');
  }

  private static String field(Wire.Message message, char code) {
    for (String field : message.text().split("\0", -1)) {
      if (!field.isEmpty() && field.charAt(0) == code) {
        return field.substring(1);
      }
    }
    return "";
  }

  /** The values of a column, row by row. */
  List<@Nullable String> column(String name) {
    int at = columns.stream().map(column -> column.split(":", -1)[0]).toList().indexOf(name);
    List<@Nullable String> values = new ArrayList<>();
    rows.forEach(row -> values.add(row.get(at)));
    return values;
  }

  /** The value of a column in the row whose first column is a key. */
  @Nullable String value(String key, String name) {
    List<@Nullable String> keys = new ArrayList<>();
    rows.forEach(row -> keys.add(row.get(0)));
    return column(name).get(keys.indexOf(key));
  }

  /** The only error. */
  String error() {
    return errors.size() == 1 ? errors.get(0) : errors.toString();
  }

  /** The only tag. */
  String tag() {
    return tags.size() == 1 && errors.isEmpty() ? tags.get(0) : tags.toString() + errors;
  }
}
