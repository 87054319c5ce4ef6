package io.sluice.proxy.server;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.BackendType;
import io.sluice.protocol.ErrorFields;
import io.sluice.protocol.ProtocolViolation;
import io.sluice.protocol.write.FrontendWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs one of our own queries with a parameter, and answers with rows. Whatever it
 * sends, no more than one message of it is kept. Confined to its event loop.
 */
final class InquiryPhase extends OwnQueryPhase {
  /** A name and a secret of 65,530 bytes, with room to spare; an error is shorter. */
  private static final int MAX_BODY_BYTES = 128 * 1024;

  /** A query that looks one user up has one row; this many are a mistake in the query. */
  private static final int MAX_ROWS = 1000;

  private static final int MAX_COLUMNS = 1664;

  private final Server server;
  private final Inquiry inquiry;
  private int rowCount;

  InquiryPhase(Server server, Inquiry inquiry) {
    super(server, MAX_BODY_BYTES);
    this.server = server;
    this.inquiry = inquiry;
  }

  /** Sends Parse, Bind, Describe, Execute, Sync: everything unnamed, everything as text. */
  void start() {
    ByteBuf out = connection().alloc().buffer();
    FrontendWriter.parse(out, "", inquiry.sql());
    byte[] parameter = inquiry.parameter().getBytes(StandardCharsets.UTF_8);
    FrontendWriter.bind(out, "", "", List.of(parameter));
    FrontendWriter.describePortal(out, "");
    FrontendWriter.execute(out, "", 0);
    FrontendWriter.sync(out);
    connection().write(out);
  }

  @Override
  protected boolean wants(byte type) {
    return type != BackendType.NOTICE_RESPONSE && type != BackendType.NOTIFICATION_RESPONSE;
  }

  @Override
  protected void onMessage(byte type, ByteBuf view, int bodyStart, int bodyLength) {
    switch (type) {
      case BackendType.PARSE_COMPLETE,
          BackendType.BIND_COMPLETE,
          BackendType.COMMAND_COMPLETE,
          BackendType.EMPTY_QUERY_RESPONSE -> {
        // Nothing in them that we did not know.
      }
      case BackendType.ROW_DESCRIPTION ->
          inquiry.columns(server, count(view.slice(bodyStart, bodyLength)));
      case BackendType.NO_DATA -> inquiry.columns(server, 0);
      case BackendType.DATA_ROW -> row(view.slice(bodyStart, bodyLength));
      case BackendType.ERROR_RESPONSE ->
          inquiry.failed(server, ErrorFields.parse(view.slice(bodyStart, bodyLength)));
      case BackendType.PARAMETER_STATUS ->
          ParameterStatusReader.read(server, view, bodyStart, bodyLength);
      case BackendType.READY_FOR_QUERY -> ready(bodyLength == 1 ? view.getByte(bodyStart) : 0);
      default -> server.close(ServerClose.UNKNOWN_MESSAGE);
    }
  }

  /** {@code int16 n | …}. */
  private static int count(ByteBuf body) {
    int count = body.readableBytes() < Short.BYTES ? -1 : body.readUnsignedShort();
    if (count < 0 || count > MAX_COLUMNS) {
      throw new ProtocolViolation("bad packet: rows of " + count + " columns");
    }
    return count;
  }

  /** {@code int16 n | n × (int32 length | bytes)}; a length of -1 is NULL. */
  private void row(ByteBuf body) {
    rowCount++;
    if (rowCount > MAX_ROWS) {
      server.close(ServerClose.UNKNOWN_MESSAGE, "unexpected response from auth_query");
      return;
    }
    int count = count(body);
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(value(body));
    }
    inquiry.row(server, values);
  }

  private static @Nullable String value(ByteBuf body) {
    int length = body.readableBytes() < Integer.BYTES ? Integer.MIN_VALUE : body.readInt();
    if (length < -1 || length > body.readableBytes()) {
      throw new ProtocolViolation("bad packet: broken DataRow");
    }
    return length < 0 ? null : body.readCharSequence(length, StandardCharsets.UTF_8).toString();
  }

  @Override
  protected void done(byte status) {
    inquiry.done(server, status);
  }
}
