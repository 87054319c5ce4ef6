package io.sluice.proxy.pool;

import io.netty.buffer.ByteBuf;
import io.sluice.config.value.PoolMode;
import io.sluice.proxy.Release;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a driver may want to know of the pooler and of its pool, as ParameterStatus messages with
 * the names of PgBouncer 1.26. Immutable.
 */
public final class Introduction {
  private final byte[] messages;

  Introduction(PoolSettings settings) {
    boolean session = settings.mode() == PoolMode.SESSION;
    int statements = session ? 0 : settings.maxPreparedStatements();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("pgbouncer.version", Release.PGBOUNCER);
    parameters.put("pgbouncer.pool_mode", settings.mode().word());
    parameters.put("pgbouncer.max_prepared_statements", Integer.toString(statements));
    messages = Welcome.messages(parameters);
  }

  /** Writes all of it. */
  public void write(ByteBuf out) {
    out.writeBytes(messages);
  }
}
