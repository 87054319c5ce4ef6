package io.sluice.proxy.lifecycle;

import io.sluice.proxy.net.LoopContext;
import io.sluice.proxy.net.Maintained;
import io.sluice.proxy.tls.FileStamps;
import io.sluice.proxy.tls.Tls;
import io.sluice.proxy.tls.TlsContext;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of TLS once a second, on a worker, and has new connections use what is in them
 * now; files that cannot be used change nothing. Tells of certificates that expire soon. Confined
 * to the event loop.
 */
final class TlsWatch implements Maintained {
  private static final Logger log = LoggerFactory.getLogger(TlsWatch.class);
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

  /** Days before the end of a certificate on which it is told of. */
  private static final int[] WARNING_DAYS = {1, 3, 7, 14, 30};

  private final Tls tls;
  private final LoopContext loop;
  private final Map<TlsContext, FileStamps> failed = new HashMap<>();
  private final Map<TlsContext, Integer> told = new HashMap<>();
  private long lastLookNs;
  private boolean looking;

  TlsWatch(Tls tls, LoopContext loop) {
    this.tls = tls;
    this.loop = loop;
  }

  /** Puts contexts into force, and tells what certificates we show. */
  void follow(Tls.Plan plan) {
    List<TlsContext> before = tls.current().contexts();
    tls.follow(plan);
    forgetOthers(plan.contexts());
    for (TlsContext context : plan.contexts()) {
      if (before.stream().noneMatch(known -> known == context)) {
        introduce(context);
      }
    }
  }

  private void forgetOthers(List<TlsContext> kept) {
    failed.keySet().retainAll(kept);
    told.keySet().retainAll(kept);
  }

  @Override
  public void maintain(long nowNs) {
    if (looking || nowNs - lastLookNs < LOOK_NS) {
      return;
    }
    lastLookNs = nowNs;
    List<TlsContext> contexts = tls.current().contexts();
    contexts.forEach(this::warn);
    if (!contexts.isEmpty()) {
      Map<TlsContext, FileStamps> known = new HashMap<>(failed);
      looking = loop.offload().submit(() -> look(contexts, known), this::found, this::broken);
    }
  }

  /** Runs on a worker: the file system may be slow. */
  private static List<TlsContext.Refresh> look(
      List<TlsContext> contexts, Map<TlsContext, FileStamps> known) {
    List<TlsContext.Refresh> found = new ArrayList<>();
    for (TlsContext context : contexts) {
      TlsContext.Refresh refresh = context.refresh(known.get(context));
      if (refresh != null) {
        found.add(refresh);
      }
    }
    return found;
  }

  private void found(List<TlsContext.Refresh> refreshes) {
    looking = false;
    for (TlsContext.Refresh refresh : refreshes) {
      // A reload may have come in between.
      if (tls.current().contexts().stream().anyMatch(context -> context == refresh.old())) {
        apply(refresh);
      }
    }
  }

  private void broken(RuntimeException bug) {
    looking = false;
    log.error("looking at the files of TLS failed", bug);
  }

  private void apply(TlsContext.Refresh refresh) {
    TlsContext next = refresh.next();
    String side = refresh.old().role().word();
    if (next == null) {
      failed.put(refresh.old(), refresh.stamps());
      tls.noteFailure(refresh.old(), String.valueOf(refresh.failure()));
      log.error(
          "{} TLS: changed files cannot be used, keeping the old ones: {}",
          side,
          refresh.failure());
      return;
    }
    tls.replace(refresh.old(), next);
    forgetOthers(tls.current().contexts());
    log.info("{} TLS: files have changed, new connections use them", side);
    introduce(next);
  }

  private void introduce(TlsContext context) {
    X509Certificate shown = context.certificate();
    if (shown != null) {
      log.info(
          "{} TLS: certificate {} from {} expires in {} days",
          context.role().word(),
          shown.getSubjectX500Principal().getName(),
          context.settings().certFile(),
          context.daysLeft(System.currentTimeMillis()));
      warn(context);
    }
  }

  /** Tells once for each of the steps towards the end. */
  private void warn(TlsContext context) {
    int days = context.daysLeft(System.currentTimeMillis());
    int step = step(days);
    Integer before = told.get(context);
    if (step == Integer.MAX_VALUE || (before != null && before <= step)) {
      return;
    }
    told.put(context, step);
    String end = days < 0 ? "has expired" : "expires in " + days + " days";
    log.warn("{} TLS: {} {}", context.role().word(), context.settings().certFile(), end);
  }

  private static int step(int days) {
    if (days < 0) {
      return -1;
    }
    for (int step : WARNING_DAYS) {
      if (days <= step) {
        return step;
      }
    }
    return Integer.MAX_VALUE;
  }
}
