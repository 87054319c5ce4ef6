package io.sluice.it;

import io.sluice.demo.postgres.EmbeddedPostgres;
import io.sluice.demo.postgres.PostgresOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a PostgreSQL to tests that take an {@link EmbeddedPostgres} as a parameter: one for all of
 * them, started when the first one asks. It trusts every local role and takes 600 connections.
 * Tests that stop it, or want other rules, start their own.
 *
 * <p>{@code SLUICE_TEST_PG_VERSION} chooses the version; without it, it is the newest at hand.
 */
final class PostgresExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);
  private static final String VERSION = "SLUICE_TEST_PG_VERSION";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == EmbeddedPostgres.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Shared.class, key -> new Shared(start()), Shared.class)
        .postgres();
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.start(
          PostgresOptions.DEFAULT
              .version(System.getenv().getOrDefault(VERSION, ""))
              .maxConnections(600));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes PostgreSQL when the last test has ended. */
  private record Shared(EmbeddedPostgres postgres) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }
}
