package io.sluice.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes private keys: PKCS#8, and the older forms of RSA and EC keys, which are put into PKCS#8
 * first since the JDK knows nothing else.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5958">RFC 5958</a>
 */
final class PrivateKeys {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int NULL = 0x05;

  /** The curve of an EC key: {@code [0] EXPLICIT}. */
  private static final int PARAMETERS = 0xa0;

  /** No key has more than 16 MiB. */
  private static final int MAX_LENGTH_BYTES = 3;

  private static final byte[] VERSION_0 = {0};
  private static final byte[] RSA = {
    0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1
  };
  private static final byte[] EC = {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private PrivateKeys() {}

  /**
   * Decodes a key.
   *
   * @param label the words of the PEM block
   * @throws TlsFailure if it is none that we can use
   */
  static PrivateKey decode(String label, byte[] der) throws TlsFailure {
    try {
      return switch (label) {
        case "RSA PRIVATE KEY" -> decode(wrap(RSA, element(NULL), der));
        case "EC PRIVATE KEY" -> decode(wrap(EC, curve(der), der));
        default -> decode(der);
      };
    } catch (BufferUnderflowException | IllegalArgumentException broken) {
      throw new TlsFailure("broken private key", broken);
    }
  }

  private static PrivateKey decode(byte[] pkcs8) throws TlsFailure {
    for (String algorithm : ALGORITHMS) {
      PrivateKey key = decode(pkcs8, algorithm);
      if (key != null) {
        return key;
      }
    }
    throw new TlsFailure("neither an RSA nor an EC private key");
  }

  private static @Nullable PrivateKey decode(byte[] pkcs8, String algorithm) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException | NoSuchAlgorithmException another) {
      return null;
    }
  }

  private static byte[] wrap(byte[] algorithm, byte[] parameters, byte[] key) {
    return element(
        SEQUENCE,
        element(INTEGER, VERSION_0),
        element(SEQUENCE, element(OBJECT_ID, algorithm), parameters),
        element(OCTET_STRING, key));
  }

  /** Finds the curve in {@code SEQUENCE { version, key, [0] curve, [1] public key }}. */
  private static byte[] curve(byte[] der) {
    ByteBuffer inside = content(ByteBuffer.wrap(der), SEQUENCE);
    content(inside, INTEGER);
    content(inside, OCTET_STRING);
    ByteBuffer named = content(inside, PARAMETERS);
    byte[] curve = new byte[named.remaining()];
    named.get(curve);
    return curve;
  }

  private static ByteBuffer content(ByteBuffer in, int tag) {
    if ((in.get() & 0xff) != tag) {
      throw new IllegalArgumentException("another tag");
    }
    int length = in.get() & 0xff;
    if (length > 0x80) {
      length = longLength(in, length & 0x7f);
    }
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer content = in.slice(in.position(), length);
    in.position(in.position() + length);
    return content;
  }

  private static int longLength(ByteBuffer in, int count) {
    if (count > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException("too long");
    }
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = (length << 8) | (in.get() & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    writeLength(out, content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  /** In as few bytes as can be: the JDK insists on that. */
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int count = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | count);
    for (int i = count - 1; i >= 0; i--) {
      out.write(length >> (8 * i));
    }
  }
}
