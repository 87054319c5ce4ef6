package io.sluice.proxy.tls;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that TLS of one role needs, built from one set of settings and the files that they name.
 * Immutable: when a setting or a file changes, another context takes its place, and connections
 * that exist keep theirs.
 */
public final class TlsContext {
  /** What ALPN calls PostgreSQL's protocol. */
  public static final String POSTGRESQL = "postgresql";

  private static final long MS_PER_DAY = 24L * 60 * 60 * 1000;

  private final TlsRole role;
  private final TlsSettings settings;
  private final List<X509Certificate> chain;
  private final boolean knowsPeers;
  private final FileStamps stamps;
  private final long loadedMs;

  /** Null until it is needed, where it needs no file. */
  private volatile @Nullable Library library;

  /** What the library below makes handlers with. Immutable. */
  record Library(TlsProvider provider, SslContext context) {}

  TlsContext(
      TlsRole role,
      TlsSettings settings,
      @Nullable Library library,
      List<X509Certificate> chain,
      boolean knowsPeers,
      FileStamps stamps) {
    this.role = role;
    this.settings = settings;
    this.library = library;
    this.chain = List.copyOf(chain);
    this.knowsPeers = knowsPeers;
    this.stamps = stamps;
    this.loadedMs = System.currentTimeMillis();
  }

  /**
   * Builds a context. One for servers that is as it is by default, which most poolers have and few
   * use, loads the library when it is first used; see {@link #load}.
   *
   * @throws TlsFailure if a file or a setting cannot be used
   */
  public static TlsContext build(TlsRole role, TlsSettings settings) throws TlsFailure {
    if (role == TlsRole.SERVERS && settings.isUsual()) {
      FileStamps none = FileStamps.of(List.of("", "", ""));
      return new TlsContext(role, settings, null, List.of(), false, none);
    }
    return whole(role, settings);
  }

  private static TlsContext whole(TlsRole role, TlsSettings settings) throws TlsFailure {
    return new TlsContextBuilder(role, settings, TlsProvider.of(settings)).build();
  }

  /** Says whether the library is there. */
  public boolean isLoaded() {
    return library != null;
  }

  /**
   * Loads the library unless it is there. Takes tenths of a second; may be called by any thread.
   */
  public synchronized void load() {
    if (library == null) {
      try {
        library = whole(role, settings).library();
      } catch (TlsFailure impossible) {
        throw new IllegalStateException("TLS as it is by default cannot be had", impossible);
      }
    }
  }

  private Library library() {
    if (!isLoaded()) {
      load();
    }
    return requireNonNull(library, "library");
  }

  /** Makes the handler for a connection from a client. */
  public SslHandler accept(ByteBufAllocator alloc) {
    return prepared(library().context().newHandler(alloc));
  }

  /**
   * Makes the handler for a connection to PostgreSQL.
   *
   * @param host as configured: the certificate may have to be for it, and PostgreSQL is told it
   */
  public SslHandler connect(ByteBufAllocator alloc, String host, int port) {
    return prepared(library().context().newHandler(alloc, host, port));
  }

  private static SslHandler prepared(SslHandler handler) {
    // The time-outs of logins count; they are settings.
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  /** Says whether a file looks different from when it was read. Asks the file system. */
  public boolean isStale() {
    return !stamps.equals(stamps.again());
  }

  /**
   * What came of looking at the files again.
   *
   * @param old the context that was looked at
   * @param next the context built from them; null when they cannot be used
   * @param failure why they cannot be used; null when they can
   * @param stamps how they looked
   */
  public record Refresh(
      TlsContext old, @Nullable TlsContext next, @Nullable String failure, FileStamps stamps) {}

  /**
   * Builds another context if the files look different from when they were read. Asks the file
   * system; may be called from any thread.
   *
   * @param failed how they looked when they could not be used, which is not tried again; or null
   * @return null when there is nothing new
   */
  public @Nullable Refresh refresh(@Nullable FileStamps failed) {
    FileStamps now = stamps.again();
    if (now.equals(stamps) || now.equals(failed)) {
      return null;
    }
    try {
      return new Refresh(this, whole(role, settings), null, now);
    } catch (TlsFailure unusable) {
      return new Refresh(this, null, unusable.getMessage(), now);
    }
  }

  /**
   * Whole days until our certificate expires; below zero when it has, and a great many without one.
   */
  public int daysLeft(long wallMs) {
    X509Certificate shown = certificate();
    return shown == null
        ? Integer.MAX_VALUE
        : (int) Math.floorDiv(shown.getNotAfter().toInstant().toEpochMilli() - wallMs, MS_PER_DAY);
  }

  public TlsRole role() {
    return role;
  }

  public TlsSettings settings() {
    return settings;
  }

  /** The library below; null until it is loaded. */
  public @Nullable TlsProvider provider() {
    Library made = library;
    return made == null ? null : made.provider();
  }

  /** The certificate that we show; null when there is none. */
  public @Nullable X509Certificate certificate() {
    return chain.isEmpty() ? null : chain.get(0);
  }

  /**
   * Says whether a certificate of the other side, when one is shown, says who that is: it has been
   * checked, and against authorities that were asked for.
   */
  public boolean knowsPeers() {
    return knowsPeers;
  }

  /** When the files were read, in milliseconds since 1970. */
  public long loadedMs() {
    return loadedMs;
  }

  @Override
  public String toString() {
    TlsProvider known = provider();
    return role.word() + " TLS " + settings.mode() + (known == null ? "" : " (" + known + ")");
  }
}
