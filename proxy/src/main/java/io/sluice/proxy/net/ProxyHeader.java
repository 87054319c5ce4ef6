package io.sluice.proxy.net;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.ProtocolViolation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP proxy puts in front of a connection to say whose it is.
 *
 * <pre>
 *   v1: "PROXY TCP4|TCP6 source destination sourceport destinationport\r\n", or "PROXY UNKNOWN…\r\n"
 *   v2: 12 bytes signature | 0x20 local, 0x21 proxied | family and transport | int16 length | addresses | TLVs
 * </pre>
 *
 * @param length all bytes of the header
 * @param source where the client is; null when the proxy speaks for itself, or does not know
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public record ProxyHeader(int length, @Nullable InetSocketAddress source) {
  /** Most bytes of a header of version 1, as the protocol says. */
  public static final int MAX_V1_BYTES = 107;

  /** Most bytes of a header of version 2: addresses have 36, the rest is details of TLS. */
  public static final int MAX_V2_BYTES = 4096;

  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final int V2_FIXED_BYTES = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXIED = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int PORTS_BYTES = 4;

  private static final Pattern LINE =
      Pattern.compile("PROXY (TCP4|TCP6) ([0-9a-fA-F.:]+) ([0-9a-fA-F.:]+) (\\d{1,5}) (\\d{1,5})");
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * Reads the header at the reader index, without moving the index.
   *
   * @return null if more bytes are needed
   * @throws ProtocolViolation 08P01 if there is none, or a broken one
   */
  public static @Nullable ProxyHeader parse(ByteBuf view) {
    if (begins(view, V2)) {
      return view.readableBytes() < V2_FIXED_BYTES ? null : parseV2(view);
    }
    if (begins(view, V1)) {
      return parseV1(view);
    }
    throw new ProtocolViolation("a PROXY header was expected");
  }

  /** Says whether the bytes that are there could be the beginning; at least one is needed. */
  private static boolean begins(ByteBuf view, byte[] signature) {
    int known = Math.min(view.readableBytes(), signature.length);
    for (int i = 0; i < known; i++) {
      if (view.getByte(view.readerIndex() + i) != signature[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable ProxyHeader parseV1(ByteBuf view) {
    int start = view.readerIndex();
    int end = view.indexOf(start, start + Math.min(view.readableBytes(), MAX_V1_BYTES), (byte) 10);
    if (end < 0) {
      if (view.readableBytes() >= MAX_V1_BYTES) {
        throw broken();
      }
      return null;
    }
    int length = end + 1 - start;
    String line = view.toString(start, length, StandardCharsets.ISO_8859_1);
    if (!line.endsWith("\r\n")) {
      throw broken();
    }
    String text = line.substring(0, line.length() - 2);
    if (text.equals("PROXY UNKNOWN") || text.startsWith("PROXY UNKNOWN ")) {
      return new ProxyHeader(length, null);
    }
    return new ProxyHeader(length, sourceOf(text));
  }

  private static InetSocketAddress sourceOf(String text) {
    Matcher matcher = LINE.matcher(text);
    if (!matcher.matches()) {
      throw broken();
    }
    boolean isV4 = matcher.group(1).equals("TCP4");
    InetAddress source = numeric(matcher.group(2), isV4);
    numeric(matcher.group(3), isV4);
    int port = port(matcher.group(4));
    port(matcher.group(5));
    return new InetSocketAddress(source, port);
  }

  private static InetAddress numeric(String text, boolean isV4) {
    return isV4 ? v4(text) : v6(text);
  }

  private static InetAddress v4(String text) {
    if (!DOTTED.matcher(text).matches()) {
      throw broken();
    }
    byte[] bytes = new byte[V4_BYTES];
    int start = 0;
    for (int i = 0; i < V4_BYTES; i++) {
      int dot = text.indexOf('.', start);
      int part = Integer.parseInt(text.substring(start, dot < 0 ? text.length() : dot));
      if (part > 0xff) {
        throw broken();
      }
      bytes[i] = (byte) part;
      start = dot + 1;
    }
    return address(bytes);
  }

  /** What has a colon, and begins like one, is read as an address, and never looked up. */
  private static InetAddress v6(String text) {
    if (text.indexOf(':') < 0 || text.charAt(0) == '.') {
      throw broken();
    }
    try {
      return InetAddress.getAllByName(text)[0];
    } catch (UnknownHostException notAnAddress) {
      throw broken();
    }
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    if (port > 0xffff) {
      throw broken();
    }
    return port;
  }

  private static @Nullable ProxyHeader parseV2(ByteBuf view) {
    int start = view.readerIndex();
    int command = view.getByte(start + V2.length);
    int family = view.getByte(start + V2.length + 1);
    int rest = view.getUnsignedShort(start + V2.length + 2);
    int length = V2_FIXED_BYTES + rest;
    if (length > MAX_V2_BYTES || (command != LOCAL && command != PROXIED)) {
      throw broken();
    }
    if (view.readableBytes() < length) {
      return null;
    }
    if (command == LOCAL || (family != TCP4 && family != TCP6)) {
      // A health check of the proxy, or a kind of connection that cannot be named here.
      return new ProxyHeader(length, null);
    }
    int bytes = family == TCP4 ? V4_BYTES : V6_BYTES;
    if (rest < 2 * bytes + PORTS_BYTES) {
      throw broken();
    }
    byte[] address = new byte[bytes];
    view.getBytes(start + V2_FIXED_BYTES, address);
    int port = view.getUnsignedShort(start + V2_FIXED_BYTES + 2 * bytes);
    return new ProxyHeader(length, new InetSocketAddress(address(address), port));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
    }
  }

  private static ProtocolViolation broken() {
    return new ProtocolViolation("broken PROXY header");
  }
}
