package io.sluice.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CStrings;
import io.sluice.protocol.FrontendType;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.SqlState;
import io.sluice.protocol.TransactionStatus;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.protocol.write.Column;
import io.sluice.proxy.admin.command.Answer;
import io.sluice.proxy.admin.command.CommandTable;
import io.sluice.proxy.admin.command.Reading;
import io.sluice.proxy.admin.show.ShowTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The extended protocol of the console, which PgBouncer refuses: without it most drivers can only
 * come here with their settings changed. There are no parameters. Confined to the event loop.
 */
final class ExtendedConsole {
  private static final byte STATEMENT = 'S';
  private static final byte PORTAL = 'P';

  /** SQLSTATE of a portal that does not exist. */
  private static final String INVALID_CURSOR_NAME = "34000";

  /** Bound of statements, and of portals, that one client may keep: as many as pgjdbc caches. */
  private static final int MAX_NAMES = 256;

  /** Portals that may have rows left: each keeps a whole table. */
  private static final int MAX_OPEN = 4;

  private final ConsolePhase phase;
  private final Map<String, Reading> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private boolean skipping;

  ExtendedConsole(ConsolePhase phase) {
    this.phase = phase;
  }

  /** Says whether messages are skipped up to the next Sync, after an error. */
  boolean isSkipping() {
    return skipping;
  }

  /** Drops what has no name: a command of the simple protocol has come. */
  void dropUnnamed() {
    statements.remove("");
    portals.remove("");
  }

  /** Begins skipping: an error was sent. */
  void skip() {
    skipping = true;
  }

  /**
   * Takes a message.
   *
   * @return false when it has no place here
   */
  boolean onMessage(byte type, ByteBuf body) {
    switch (type) {
      case FrontendType.SYNC -> sync();
      case FrontendType.FLUSH -> {
        // Nothing is held back.
      }
      case FrontendType.PARSE -> unlessSkipping(() -> parse(body));
      case FrontendType.BIND -> unlessSkipping(() -> bind(body));
      case FrontendType.DESCRIBE -> unlessSkipping(() -> describe(body));
      case FrontendType.EXECUTE -> unlessSkipping(() -> execute(body));
      case FrontendType.CLOSE -> unlessSkipping(() -> close(body));
      default -> {
        return skipping;
      }
    }
    return true;
  }

  private void unlessSkipping(Runnable action) {
    if (!skipping) {
      action.run();
    }
  }

  private void sync() {
    skipping = false;
    // The implicit transaction ends here, and its portals with it.
    portals.clear();
    ByteBuf out = phase.buffer();
    BackendWriter.readyForQuery(out, TransactionStatus.IDLE);
    phase.send(out);
  }

  /** {@code cstr statement | cstr query | int16 n | n × int32 type}. */
  private void parse(ByteBuf body) {
    String name = readName(body);
    String text = readName(body);
    Reading reading = CommandTable.read(text);
    if (reading instanceof Reading.NotUnderstood mistake) {
      fail(mistake.refusal());
    } else if (!name.isEmpty() && statements.containsKey(name)) {
      fail(SqlState.DUPLICATE_PSTATEMENT, "prepared statement \"" + name + "\" already exists");
    } else if (statements.size() >= MAX_NAMES) {
      fail(SqlState.PROTOCOL_VIOLATION, "more than " + MAX_NAMES + " prepared statements");
    } else {
      statements.put(name, reading);
      ByteBuf out = phase.buffer();
      BackendWriter.parseComplete(out);
      phase.send(out);
    }
  }

  /**
   * {@code cstr portal | cstr statement | int16 n | n × int16 format | int16 n | n × (int32 length
   * | bytes) | int16 n | n × int16 result format}.
   */
  private void bind(ByteBuf body) {
    String portal = readName(body);
    String name = readName(body);
    readFormats(body);
    if (readCount(body) != 0) {
      fail(SqlState.PROTOCOL_VIOLATION, "console commands have no parameters");
      return;
    }
    List<Integer> formats = readFormats(body);
    Reading reading = statements.get(name);
    if (reading == null) {
      failMissingStatement(name);
      return;
    }
    List<Column> columns = columnsOf(reading);
    if (columns != null && !Portal.fits(formats, columns.size())) {
      fail(
          SqlState.PROTOCOL_VIOLATION,
          "bind message has "
              + formats.size()
              + " result formats but query has "
              + columns.size()
              + " columns");
    } else if (portals.size() >= MAX_NAMES) {
      fail(SqlState.PROTOCOL_VIOLATION, "more than " + MAX_NAMES + " portals");
    } else {
      portals.put(portal, new Portal(reading, formats));
      ByteBuf out = phase.buffer();
      BackendWriter.bindComplete(out);
      phase.send(out);
    }
  }

  /** {@code byte 'S' or 'P' | cstr name}. */
  private void describe(ByteBuf body) {
    byte what = readKind(body);
    String name = readName(body);
    ByteBuf out = phase.buffer();
    if (what == STATEMENT) {
      Reading reading = statements.get(name);
      if (reading == null) {
        out.release();
        failMissingStatement(name);
        return;
      }
      BackendWriter.parameterDescription(out);
      describe(out, columnsOf(reading), null);
    } else {
      Portal portal = portals.get(name);
      if (portal == null) {
        out.release();
        failMissingPortal(name);
        return;
      }
      describe(out, columnsOf(portal.reading()), portal);
    }
    phase.send(out);
  }

  private static void describe(
      ByteBuf out, @Nullable List<Column> columns, @Nullable Portal portal) {
    if (columns == null) {
      BackendWriter.noData(out);
    } else if (portal == null) {
      BackendWriter.rowDescription(out, columns);
    } else {
      BackendWriter.rowDescription(out, columns, portal::format);
    }
  }

  /** {@code cstr portal | int32 most rows}. */
  private void execute(ByteBuf body) {
    String name = readName(body);
    if (body.readableBytes() < Integer.BYTES) {
      throw new ProtocolViolation("bad Execute packet");
    }
    int limit = body.readInt();
    Portal portal = portals.get(name);
    if (portal == null) {
      failMissingPortal(name);
    } else if (portal.reading() instanceof Reading.Empty) {
      ByteBuf out = phase.buffer();
      BackendWriter.emptyQueryResponse(out);
      phase.send(out);
    } else if (portal.table() != null) {
      fetch(portal, portal.table(), limit);
    } else {
      answer(portal, phase.run(portal.reading()), limit);
    }
  }

  private void answer(Portal portal, Answer answer, int limit) {
    if (answer instanceof Answer.Rows rows) {
      open(portal, rows.table(), limit);
    } else if (answer instanceof Answer.Refused refused) {
      fail(refused);
    } else if (!phase.await(answer, false)) {
      ByteBuf out = phase.buffer();
      phase.write(out, answer);
      phase.send(out);
    }
  }

  private void open(Portal portal, ShowTable table, int limit) {
    if (portals.values().stream().filter(Portal::hasRows).count() >= MAX_OPEN) {
      fail(SqlState.PROTOCOL_VIOLATION, "more than " + MAX_OPEN + " portals with rows left");
      return;
    }
    portal.open(table);
    fetch(portal, table, limit);
  }

  private void fetch(Portal portal, ShowTable table, int limit) {
    ByteBuf out = phase.buffer();
    if (portal.fetch(out, table, limit)) {
      phase.write(out, new Answer.Rows(table));
    } else {
      BackendWriter.portalSuspended(out);
    }
    phase.send(out);
  }

  /** {@code byte 'S' or 'P' | cstr name}; what does not exist closes well. */
  private void close(ByteBuf body) {
    byte what = readKind(body);
    String name = readName(body);
    if (what == STATEMENT) {
      statements.remove(name);
    } else {
      portals.remove(name);
    }
    ByteBuf out = phase.buffer();
    BackendWriter.closeComplete(out);
    phase.send(out);
  }

  private static @Nullable List<Column> columnsOf(Reading reading) {
    return reading instanceof Reading.Understood understood ? understood.columns() : null;
  }

  // ---- errors

  private void failMissingStatement(String name) {
    String shown =
        name.isEmpty() ? "unnamed prepared statement" : "prepared statement \"" + name + "\"";
    fail(SqlState.UNDEFINED_PSTATEMENT, shown + " does not exist");
  }

  private void failMissingPortal(String name) {
    fail(INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
  }

  private void fail(String sqlState, String text) {
    fail(new Answer.Refused(sqlState, text));
  }

  private void fail(Answer.Refused refusal) {
    ByteBuf out = phase.buffer();
    phase.write(out, refusal);
    phase.send(out);
    skipping = true;
  }

  // ---- reading

  private static String readName(ByteBuf body) {
    return CStrings.read(body, body.readableBytes());
  }

  private static byte readKind(ByteBuf body) {
    byte kind = body.isReadable() ? body.readByte() : 0;
    if (kind != STATEMENT && kind != PORTAL) {
      throw new ProtocolViolation("bad Describe or Close packet");
    }
    return kind;
  }

  private static int readCount(ByteBuf body) {
    if (body.readableBytes() < Short.BYTES) {
      throw new ProtocolViolation("bad Bind packet");
    }
    return body.readUnsignedShort();
  }

  private static List<Integer> readFormats(ByteBuf body) {
    int count = readCount(body);
    if (body.readableBytes() < count * Short.BYTES) {
      throw new ProtocolViolation("bad Bind packet");
    }
    List<Integer> formats = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int format = body.readUnsignedShort();
      if (format != ValueCodec.TEXT && format != ValueCodec.BINARY) {
        throw new ProtocolViolation("unsupported format code: " + format);
      }
      formats.add(format);
    }
    return formats;
  }
}
