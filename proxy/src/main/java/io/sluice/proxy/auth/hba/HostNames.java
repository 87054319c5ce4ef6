package io.sluice.proxy.auth.hba;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who knows which host has which address. */
public interface HostNames {
  /** Finds all addresses of a name; none when it has none. The answer may come at once. */
  void addressesOf(String name, Consumer<List<InetAddress>> found);

  /**
   * Finds the name of an address; null unless the name has that address in turn. The answer may
   * come at once.
   */
  void nameOf(InetAddress address, Consumer<@Nullable String> found);
}
