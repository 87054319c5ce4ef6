package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.config.value.PoolMode;
import io.sluice.protocol.write.BackendWriter;
import io.sluice.proxy.Release;

/**
 * What a driver may want to know of the pooler and of its pool, as ParameterStatus messages with
 * the names of PgBouncer 1.26. Immutable.
 */
public final class Introduction {
  private final byte[] messages;

  Introduction(PoolSettings settings) {
    boolean session = settings.mode() == PoolMode.SESSION;
    int statements = session ? 0 : settings.maxPreparedStatements();
    ByteBuf out = Unpooled.buffer();
    BackendWriter.parameterStatus(out, "pgbouncer.version", Release.PGBOUNCER);
    BackendWriter.parameterStatus(out, "pgbouncer.pool_mode", settings.mode().word());
    BackendWriter.parameterStatus(
        out, "pgbouncer.max_prepared_statements", Integer.toString(statements));
    messages = ByteBufUtil.getBytes(out);
  }

  /** Writes all of it. */
  public void write(ByteBuf out) {
    out.writeBytes(messages);
  }
}
