package io.sluice.config.value;

import java.util.ArrayList;
import java.util.List;

/**
 * The hosts of a database in the order of the file: host names, IPv4 and IPv6 addresses,
 * directories of Unix sockets ({@code /dir}) and abstract ones ({@code @dir}). Empty means the Unix
 * socket in {@code unix_socket_dir}. Immutable.
 *
 * @param hosts the elements
 */
public record HostList(List<String> hosts) {
  /** No host: the Unix socket in {@code unix_socket_dir}. */
  public static final HostList NONE = new HostList(List.of());

  public HostList {
    hosts = List.copyOf(hosts);
  }

  /** What an element of the list is. */
  public enum Kind {
    /** A directory with a Unix socket, or {@code @dir} in the abstract name space. */
    UNIX,
    /** A numeric IPv4 address. */
    IPV4,
    /** A numeric IPv6 address, recognised by its colon. */
    IPV6,
    /** A name to look up. */
    NAME
  }

  /** Splits a text at commas; blanks around elements and empty elements do not count. */
  public static HostList parse(String text) {
    List<String> hosts = new ArrayList<>();
    for (String host : text.split(",")) {
      if (!host.isBlank()) {
        hosts.add(host.strip());
      }
    }
    return new HostList(hosts);
  }

  /** Tells the kind of an element. */
  public static Kind kindOf(String host) {
    if (host.startsWith("/") || host.startsWith("@")) {
      return Kind.UNIX;
    }
    if (host.indexOf(':') >= 0) {
      return Kind.IPV6;
    }
    return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") ? Kind.IPV4 : Kind.NAME;
  }

  /** Says whether there is no host. */
  public boolean isEmpty() {
    return hosts.isEmpty();
  }

  /** Counts the hosts. */
  public int size() {
    return hosts.size();
  }

  /** Returns one host. */
  public String get(int index) {
    return hosts.get(index);
  }

  /** Writes the list as files and SHOW DATABASES do, {@code a,b}. */
  public String text() {
    return String.join(",", hosts);
  }

  @Override
  public String toString() {
    return text();
  }
}
