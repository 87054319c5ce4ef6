package io.sluice.proxy.prepare;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A statement as every server knows it: one query text with its parameter types, whoever named it.
 *
 * <p>Lives as long as a client has named it or a server has it; while only servers have it, its
 * text may be given up. Confined to the event loop.
 */
public final class Statement {
  private static final byte[] NOTHING = {};

  private final long number;
  private final byte[] serverName;
  private final int hash;
  private byte[] body;
  private int names;
  private int servers;
  private long uses;
  private int look;
  private int plans;
  private boolean listed;
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

  /** A client executes the statement. */
  public void used() {
    uses++;
  }

  /** How often clients have bound it. */
  public long uses() {
    return uses;
  }

  /** What servers have planned for it is of no use: they must be given it again. */
  public void expire() {
    plans++;
  }

  /** Grows with each {@link #expire}. */
  int plans() {
    return plans;
  }

  /** How many names clients have given to the statement. */
  public int names() {
    return names;
  }

  /** How many servers have it, or are about to. */
  public int servers() {
    return servers;
  }

  boolean isNeeded() {
    return names > 0 || servers > 0;
  }

  void addNames(int more) {
    names += more;
    requireCount(names);
  }

  void addServers(int more) {
    servers += more;
    requireCount(servers);
  }

  private void requireCount(int count) {
    if (count < 0) {
      throw new IllegalStateException("statement given back twice: " + number);
    }
  }

  /** Says whether the registry lists the statement: its text can be found, and counts. */
  boolean isListed() {
    return listed;
  }

  void setListed(boolean isListed) {
    listed = isListed;
  }

  /** Gives the text up. */
  void forgetBody() {
    body = NOTHING;
  }

  /** Has the text again. */
  void setBody(byte[] known) {
    body = known;
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
