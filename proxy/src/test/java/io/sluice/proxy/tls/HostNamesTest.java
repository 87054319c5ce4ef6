package io.sluice.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {
  @ParameterizedTest
  @CsvSource({
    "db.example, db.example, true",
    "DB.Example, db.eXample, true",
    "*.example, db.example, true",
    "*.example, a.db.example, false",
    "*.example, example, false",
    "*.example, .example, false",
    "d*.example, db.example, false",
    "*, db, false",
    "*., db., false",
    "db.*, db.example, false",
    "db.example, db.example.org, false",
    "my_db, my_db, true",
  })
  void matchesAsLibpqDoes(String pattern, String host, boolean expected) {
    assertThat(HostNames.matches(pattern, host)).isEqualTo(expected);
  }

  private static X509Certificate certificate(
      String subject, UnaryOperator<CertificateBuilder> shape) throws Exception {
    return shape
        .apply(new CertificateBuilder().subject(subject).ecp256().setIsCertificateAuthority(true))
        .buildSelfSigned()
        .getCertificate();
  }

  @Test
  void prefersAlternativeNamesToTheCommonName() throws Exception {
    X509Certificate both = certificate("CN=old.example", b -> b.addSanDnsName("new.example"));
    assertThatCode(() -> HostNames.check(both, "new.example")).doesNotThrowAnyException();
    assertThatThrownBy(() -> HostNames.check(both, "old.example"))
        .isInstanceOf(CertificateException.class)
        .hasMessage("certificate is for new.example and not for old.example");
  }

  @Test
  void takesTheCommonNameWhereThereIsNothingElse() throws Exception {
    X509Certificate plain = certificate("CN=db.example,O=Example", b -> b);
    assertThatCode(() -> HostNames.check(plain, "db.example")).doesNotThrowAnyException();
    X509Certificate address = certificate("CN=10.0.0.1", b -> b);
    assertThatCode(() -> HostNames.check(address, "10.0.0.1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> HostNames.check(address, "10.0.0.2")).hasMessageContaining("10.0.0.1");
  }

  @Test
  void comparesAddressesAndNotTheirSpelling() throws Exception {
    X509Certificate addresses =
        certificate("CN=x", b -> b.addSanIpAddress("10.0.0.1").addSanIpAddress("2001:db8::1"));
    assertThatCode(() -> HostNames.check(addresses, "10.0.0.1")).doesNotThrowAnyException();
    assertThatCode(() -> HostNames.check(addresses, "2001:DB8:0::1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> HostNames.check(addresses, "10.0.0.2"))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> HostNames.check(addresses, "x"))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void takesNoNameForAnAddress() throws Exception {
    X509Certificate named = certificate("CN=x", b -> b.addSanDnsName("10.0.0.1"));
    assertThatThrownBy(() -> HostNames.check(named, "10.0.0.1"))
        .isInstanceOf(CertificateException.class);
  }
}
