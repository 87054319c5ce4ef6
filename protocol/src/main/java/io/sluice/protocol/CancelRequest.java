package io.sluice.protocol;

import io.netty.buffer.ByteBuf;

/**
 * Asks to cancel a query: {@code int32 length | int32 80877102 | int32 process id | secret}.
 *
 * @param key key of the connection whose query to cancel
 */
public record CancelRequest(CancelKey key) implements StartupPacket {
  /** Reads what follows the code. */
  static CancelRequest parseBody(ByteBuf body) {
    int secretLength = body.readableBytes() - Integer.BYTES;
    if (!CancelKey.isSecretLength(secretLength)) {
      throw new ProtocolViolation("bad cancel request");
    }
    int processId = body.readInt();
    byte[] secret = new byte[secretLength];
    body.readBytes(secret);
    return new CancelRequest(new CancelKey(processId, secret));
  }
}
