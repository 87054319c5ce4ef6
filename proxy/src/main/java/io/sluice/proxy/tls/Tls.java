package io.sluice.proxy.tls;

import io.sluice.config.value.DatabaseConfig;
import io.sluice.config.value.PeerConfig;
import io.sluice.config.value.ProxyConfig;
import io.sluice.config.value.SslMode;
import io.sluice.config.value.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contexts in force: one for clients, and one for each set of settings with which servers are
 * connected to. Written on the first event loop, read on all.
 */
public final class Tls {
  private volatile Plan current = new Plan(SslMode.DISABLE, null, Map.of());

  /** Of contexts whose files have changed and cannot be used. */
  private final Map<TlsContext, String> failures = new HashMap<>();

  /**
   * Contexts for a whole configuration. Immutable.
   *
   * @param clientMode how much TLS clients need
   * @param clients the context for clients; null when there is no TLS for them
   * @param servers the contexts for servers, by their settings
   */
  public record Plan(
      SslMode clientMode, @Nullable TlsContext clients, Map<TlsSettings, TlsContext> servers) {
    public Plan {
      servers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    }

    /** All contexts, the one for clients first. */
    public List<TlsContext> contexts() {
      List<TlsContext> all = new ArrayList<>();
      if (clients != null) {
        all.add(clients);
      }
      all.addAll(servers.values());
      return all;
    }

    private @Nullable TlsContext find(TlsRole role, TlsSettings settings) {
      TlsContext found = role == TlsRole.CLIENTS ? clients : servers.get(settings);
      return found != null && found.settings().equals(settings) ? found : null;
    }
  }

  /**
   * Builds what a configuration needs. A context whose settings and files have not changed is kept.
   *
   * @throws TlsFailure if one of them cannot be built; nothing has changed
   */
  public Plan plan(ProxyConfig next) throws TlsFailure {
    TlsSettings clients = TlsSettings.forClients(next.values());
    Map<TlsSettings, TlsContext> servers = new LinkedHashMap<>();
    addServers(servers, TlsSettings.forServers(next.values(), Values.none()));
    for (DatabaseConfig database : next.databases().values()) {
      addServers(servers, TlsSettings.forServers(next.values(), database.values()));
    }
    DatabaseConfig automatic = next.autoDatabase();
    if (automatic != null) {
      addServers(servers, TlsSettings.forServers(next.values(), automatic.values()));
    }
    for (PeerConfig peer : next.peers().values()) {
      addServers(servers, TlsSettings.forPeer(next.values(), peer.values()));
    }
    return new Plan(
        clients.mode(), clients.isEnabled() ? open(TlsRole.CLIENTS, clients) : null, servers);
  }

  private void addServers(Map<TlsSettings, TlsContext> servers, TlsSettings settings)
      throws TlsFailure {
    if (settings.isEnabled() && !servers.containsKey(settings)) {
      servers.put(settings, open(TlsRole.SERVERS, settings));
    }
  }

  private TlsContext open(TlsRole role, TlsSettings settings) throws TlsFailure {
    TlsContext known = current.find(role, settings);
    return known != null && !known.isStale() ? known : TlsContext.build(role, settings);
  }

  /** Puts contexts into force, for connections from now on. */
  public void follow(Plan plan) {
    current = plan;
    failures.keySet().retainAll(plan.contexts());
  }

  /** Puts a context into the place of another, if that is still in force. */
  public void replace(TlsContext old, TlsContext next) {
    Map<TlsSettings, TlsContext> servers = new LinkedHashMap<>(current.servers());
    servers.replace(old.settings(), old, next);
    TlsContext clients = current.clients() == old ? next : current.clients();
    follow(new Plan(current.clientMode(), clients, servers));
  }

  /** Notes that changed files could not be used; the context stays as it is. */
  public void noteFailure(TlsContext context, String failure) {
    failures.put(context, failure);
  }

  /** Why changed files of a context could not be used; null when they have not changed. */
  public @Nullable String failureOf(TlsContext context) {
    return failures.get(context);
  }

  /** What is in force. */
  public Plan current() {
    return current;
  }

  /** How much TLS clients need. */
  public SslMode clientMode() {
    return current.clientMode();
  }

  /** The context for clients; null when there is no TLS for them. */
  public @Nullable TlsContext clients() {
    return current.clients();
  }

  /**
   * The context for connections to servers or peers with these settings; null when they want no
   * TLS.
   *
   * @throws IllegalStateException if the settings are in no plan that was followed
   */
  public @Nullable TlsContext servers(TlsSettings settings) {
    TlsContext context = current.servers().get(settings);
    if (context == null && settings.isEnabled()) {
      // Never without TLS by mistake.
      throw new IllegalStateException("no TLS context for " + settings);
    }
    return context;
  }
}
