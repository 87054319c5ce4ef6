package io.sluice.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * A packet without a type byte, as a connection begins with: {@code int32 length | int32 code | …}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
 *     formats</a>
 */
public sealed interface StartupPacket
    permits StartupMessage, SslRequest, GssEncRequest, CancelRequest {
  /** Fewest bytes of a packet: the length and the code. */
  int MIN_BYTES = 8;

  /** Most bytes of a packet: PgBouncer takes the length for 16 bits. */
  int MAX_BYTES = 65_535;

  /** Code of a CancelRequest: 1234 and 5678. */
  int CANCEL_REQUEST_CODE = 80877102;

  /** Code of an SSLRequest: 1234 and 5679. */
  int SSL_REQUEST_CODE = 80877103;

  /** Code of a GSSENCRequest: 1234 and 5680. */
  int GSS_ENC_REQUEST_CODE = 80877104;

  /**
   * Tells how long the packet at the reader index is, without moving the index.
   *
   * @return all bytes of the packet, its length field included; -1 if fewer than 4 bytes are there
   * @throws ProtocolViolation 08P01 {@code bad packet header: '…'} if the length is below 8 or
   *     above 65,535
   */
  static int lengthAt(ByteBuf view) {
    if (view.readableBytes() < Integer.BYTES) {
      return -1;
    }
    int length = view.getInt(view.readerIndex());
    if (length < MIN_BYTES || length > MAX_BYTES) {
      throw badHeader(view);
    }
    return length;
  }

  /**
   * Reads the packet at the reader index and moves the index behind it, also when it is refused.
   *
   * <p>The caller has waited until {@link #lengthAt} bytes are readable.
   *
   * @throws ProtocolViolation 08P01 {@code old V2 protocol not supported}, {@code bad packet
   *     header: '…'}, {@code bad cancel request} (of which PgBouncer tells the client nothing), or
   *     {@code invalid startup packet layout: expected terminator as last byte}
   */
  static StartupPacket parse(ByteBuf view) {
    int length = lengthAt(view);
    if (length < 0 || length > view.readableBytes()) {
      throw new IllegalStateException(
          "parse with " + view.readableBytes() + " of " + length + " bytes");
    }
    ByteBuf packet = view.readSlice(length);
    int code = packet.getInt(packet.readerIndex() + Integer.BYTES);
    return switch (code) {
      case SSL_REQUEST_CODE -> bare(packet, SslRequest.INSTANCE);
      case GSS_ENC_REQUEST_CODE -> bare(packet, GssEncRequest.INSTANCE);
      case CANCEL_REQUEST_CODE -> CancelRequest.parseBody(packet.skipBytes(MIN_BYTES));
      default -> startupMessage(packet, ProtocolVersion.of(code));
    };
  }

  private static StartupPacket bare(ByteBuf packet, StartupPacket request) {
    if (packet.readableBytes() != MIN_BYTES) {
      throw badHeader(packet);
    }
    return request;
  }

  private static StartupMessage startupMessage(ByteBuf packet, ProtocolVersion version) {
    if (version.major() == 2 && version.minor() == 0) {
      throw new ProtocolViolation("old V2 protocol not supported");
    }
    if (version.major() != 3) {
      throw badHeader(packet);
    }
    return StartupMessage.parseBody(version, packet.skipBytes(MIN_BYTES));
  }

  private static ProtocolViolation badHeader(ByteBuf view) {
    int shown = Math.min(view.readableBytes(), MIN_BYTES);
    String hex = ByteBufUtil.hexDump(view, view.readerIndex(), shown);
    return new ProtocolViolation("bad packet header: '" + hex + "'");
  }
}
