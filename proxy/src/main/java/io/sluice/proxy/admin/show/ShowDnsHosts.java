package io.sluice.proxy.admin.show;

import io.sluice.protocol.write.Column;
import io.sluice.proxy.net.HostResolver;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/** SHOW DNS_HOSTS: the names that were looked up, and for how many seconds they are kept. */
public final class ShowDnsHosts implements Show {
  private static final List<Column> COLUMNS =
      Columns.text("hostname").andInt8("ttl").andText("addrs").list();

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void fill(ShowTable table, ProxyView view) {
    for (HostResolver.Entry entry : view.hosts()) {
      long ttl = Times.seconds(entry.expiresNs() - view.nowNs());
      String addresses =
          entry.addresses().stream().map(ShowDnsHosts::print).collect(Collectors.joining(","));
      table.row(entry.host(), ttl, addresses);
    }
  }

  /** An address with the port 0, as PgBouncer's resolvers hand it out. */
  private static String print(InetAddress address) {
    String text = address.getHostAddress();
    return address instanceof Inet6Address ? "[" + text + "]:0" : text + ":0";
  }
}
