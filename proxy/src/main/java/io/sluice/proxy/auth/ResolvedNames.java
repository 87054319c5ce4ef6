package io.sluice.proxy.auth;

import io.sluice.proxy.auth.hba.HostNames;
import io.sluice.proxy.net.HostResolver;
import io.sluice.proxy.net.Offload;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Host names in rules: addresses come from our resolver, which keeps them for a while; names of
 * addresses from the system, which checks that the name has the address. Confined to its event
 * loop.
 */
public record ResolvedNames(HostResolver resolver, Offload directory) implements HostNames {
  @Override
  public void addressesOf(String name, Consumer<List<InetAddress>> found) {
    resolver.resolveAll(name, found);
  }

  @Override
  public void nameOf(InetAddress address, Consumer<@Nullable String> found) {
    boolean accepted =
        directory.<String>submit(
            address::getCanonicalHostName,
            // Where there is no name, or a false one, the system gives the address.
            name -> found.accept(name.equals(address.getHostAddress()) ? null : name),
            broken -> found.accept(null));
    if (!accepted) {
      found.accept(null);
    }
  }
}
