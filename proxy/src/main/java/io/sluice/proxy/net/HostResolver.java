package io.sluice.proxy.net;

import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks host names up, keeps the answers for a while and tells when one has changed.
 *
 * <p>Look-ups for the same name share one query. An answer is used for {@code dns_max_ttl}, a
 * failure for {@code dns_nxdomain_ttl}, whatever the name server says. Confined to its event loop.
 */
public final class HostResolver {
  private static final Logger log = LoggerFactory.getLogger(HostResolver.class);

  /** Names come from the configuration; more than this means an auto-database run wild. */
  private static final int MAX_NAMES = 10_000;

  private final LoopContext loop;
  private final Transport transport;

  /** Made when the first name is asked for: where all hosts are numbers, it is never needed. */
  private @Nullable DnsNameResolver resolver;

  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private @Nullable ChangeListener listener;
  private long maxTtlNs;
  private long negativeTtlNs;
  private int pending;

  /** Told when an address of a name is no longer among its addresses. */
  @FunctionalInterface
  public interface ChangeListener {
    /** The name does not mean that address any more. */
    void addressGone(String host, InetAddress address);
  }

  /** One name. */
  public static final class Entry {
    private final String host;
    private final List<Consumer<@Nullable InetAddress>> waiting = new ArrayList<>();
    private List<InetAddress> addresses = List.of();

    /** What the name meant when it last meant something. */
    private List<InetAddress> known = List.of();

    private long expiresNs;
    private boolean asking;
    private int turn;

    Entry(String host) {
      this.host = host;
    }

    public String host() {
      return host;
    }

    public List<InetAddress> addresses() {
      return addresses;
    }

    /** When the answer is asked for again, on the loop's clock. */
    public long expiresNs() {
      return expiresNs;
    }

    private @Nullable InetAddress take() {
      return addresses.isEmpty() ? null : addresses.get(Math.floorMod(turn++, addresses.size()));
    }
  }

  public HostResolver(LoopContext loop, Transport transport) {
    this.loop = loop;
    this.transport = transport;
  }

  private DnsNameResolver resolver() {
    DnsNameResolver made = resolver;
    if (made == null) {
      made =
          new DnsNameResolverBuilder(loop.loop())
              .datagramChannelType(transport.datagramChannel())
              // Answers are kept here, where their age can be shown and changes seen.
              .resolveCache(io.netty.resolver.dns.NoopDnsCache.INSTANCE)
              .build();
      resolver = made;
    }
    return made;
  }

  /** Sets how long answers and failures are used. */
  public void configure(long maxTtlNs, long negativeTtlNs) {
    this.maxTtlNs = maxTtlNs;
    this.negativeTtlNs = negativeTtlNs;
  }

  /** Sets who is told of changes. */
  public void onChange(ChangeListener listener) {
    this.listener = listener;
  }

  /**
   * Finds an address of a host; several are used in turn.
   *
   * @param found called on the loop, at once when the answer is known; null when there is none
   */
  public void resolve(String host, Consumer<@Nullable InetAddress> found) {
    Entry entry = entries.get(host);
    if (entry == null) {
      if (entries.size() >= MAX_NAMES) {
        entries.pollFirstEntry();
      }
      entry = new Entry(host);
      entry.expiresNs = loop.nowNs();
      entries.put(host, entry);
    }
    if (!entry.asking && entry.expiresNs - loop.nowNs() > 0) {
      found.accept(entry.take());
      return;
    }
    entry.waiting.add(found);
    if (!entry.asking) {
      ask(entry);
    }
  }

  /**
   * Finds all addresses of a host.
   *
   * @param found called on the loop, at once when the answer is known; none when there is none
   */
  public void resolveAll(String host, Consumer<List<InetAddress>> found) {
    resolve(
        host,
        first -> {
          Entry entry = entries.get(host);
          found.accept(first == null || entry == null ? List.of() : entry.addresses());
        });
  }

  private void ask(Entry entry) {
    entry.asking = true;
    pending++;
    resolver()
        .resolveAll(entry.host)
        .addListener((Future<List<InetAddress>> answer) -> answered(entry, answer));
  }

  private void answered(Entry entry, Future<List<InetAddress>> answer) {
    loop.tick();
    pending--;
    entry.asking = false;
    if (answer.isSuccess()) {
      entry.expiresNs = loop.nowNs() + maxTtlNs;
      change(entry, answer.getNow());
    } else {
      log.warn("DNS lookup failed: {}: {}", entry.host, answer.cause().getMessage());
      entry.expiresNs = loop.nowNs() + negativeTtlNs;
      entry.addresses = List.of();
    }
    List<Consumer<@Nullable InetAddress>> told = List.copyOf(entry.waiting);
    entry.waiting.clear();
    for (Consumer<@Nullable InetAddress> found : told) {
      found.accept(entry.take());
    }
    loop.endTurn();
  }

  private void change(Entry entry, List<InetAddress> next) {
    List<InetAddress> before = entry.known;
    entry.addresses = List.copyOf(next);
    entry.known = entry.addresses;
    ChangeListener told = listener;
    if (told == null) {
      return;
    }
    for (InetAddress address : before) {
      if (!next.contains(address)) {
        told.addressGone(entry.host, address);
      }
    }
  }

  /** All names that were looked up, by name. */
  public Collection<Entry> entries() {
    return entries.values();
  }

  /** Queries under way. */
  public int pending() {
    return pending;
  }

  /** Ends all queries. Thread-safe. */
  public void close() {
    loop.execute(
        () -> {
          if (resolver != null) {
            resolver.close();
          }
        });
  }
}
