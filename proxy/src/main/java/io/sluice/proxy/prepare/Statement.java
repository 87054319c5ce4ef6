package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A statement as every server knows it: one query text with its parameter types, whoever named it.
 *
 * <p>Lives as long as a client or a server refers to it. Confined to the event loop.
 */
public final class Statement {
  private final long number;
  private final byte[] serverName;
  private final byte[] body;
  private final int hash;
  private int references;
  private int look;
  @Nullable Statement nextInBucket;

  Statement(long number, byte[] body, int hash) {
    this.number = number;
    this.serverName = ("PGBOUNCER_" + number).getBytes(StandardCharsets.US_ASCII);
    this.body = body;
    this.hash = hash;
  }

  /** The name on servers, without its NUL. */
  public byte[] serverName() {
    return serverName;
  }

  /** What follows the name in a Parse message: {@code cstr query | int16 n | n × int32 type}. */
  public byte[] body() {
    return body;
  }

  /** The number in the name: never used again in the life of the process. */
  public long number() {
    return number;
  }

  /** Notes what the statement leaves behind in a session when it is executed. */
  public void setLook(int noted) {
    look = noted;
  }

  /** What the statement leaves behind in a session when it is executed. */
  public int look() {
    return look;
  }

  /** Clients and servers that refer to the statement. */
  public int references() {
    return references;
  }

  void retain() {
    references++;
  }

  boolean release() {
    if (references == 0) {
      throw new IllegalStateException("statement released twice: " + number);
    }
    return --references == 0;
  }

  int hash() {
    return hash;
  }

  boolean hasBody(ByteBuf buf, int index, int length) {
    if (body.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (buf.getByte(index + i) != body[i]) {
        return false;
      }
    }
    return true;
  }
}
