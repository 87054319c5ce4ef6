package io.sluice.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static Network of(String address) throws UnknownHostException {
    return Network.of(InetAddress.getByName(address));
  }

  @Test
  void tellsEveryAddressOfIpv4Apart() throws UnknownHostException {
    assertThat(of("192.0.2.1")).isNotEqualTo(of("192.0.2.2")).isEqualTo(of("192.0.2.1"));
    assertThat(of("255.255.255.255").display()).isEqualTo("255.255.255.255");
  }

  @Test
  void takesTheHostsOfAnIpv6NetworkForOne() throws UnknownHostException {
    assertThat(of("2001:db8:0:7::1")).isEqualTo(of("2001:db8:0:7:ffff::2"));
    assertThat(of("2001:db8:0:7::1")).isNotEqualTo(of("2001:db8:0:8::1"));
    assertThat(of("2001:db8:0:7::1").display()).isEqualTo("2001:db8:0:7::/64");
  }

  @Test
  void takesAMappedAddressForOneOfIpv4() throws UnknownHostException {
    assertThat(of("::ffff:192.0.2.1")).isEqualTo(of("192.0.2.1"));
  }

  @Test
  void doesNotMistakeOneFamilyForTheOther() throws UnknownHostException {
    assertThat(of("::1")).isNotEqualTo(of("0.0.0.0"));
  }
}
