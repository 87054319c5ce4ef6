package io.sluice.proxy.server;

import io.sluice.proxy.catalog.Database;
import io.sluice.proxy.catalog.User;
import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.prepare.StatementCache;
import io.sluice.proxy.stats.PoolCounters;
import org.jspecify.annotations.Nullable;

/**
 * What a server is made from.
 *
 * @param log which lines the log has about it
 * @param guest for whom alone it is made; null for a server that is pooled
 */
public record ServerOrigin(
    long id,
    ServerOwner owner,
    Database database,
    User user,
    LoopContext loop,
    PoolCounters counters,
    TrackedParameters tracked,
    StatementCache statements,
    ServerLog log,
    @Nullable Guest guest) {}
