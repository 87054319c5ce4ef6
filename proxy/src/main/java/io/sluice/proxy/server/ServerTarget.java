package io.sluice.proxy.server;

import io.sluice.config.value.ChannelBinding;
import io.sluice.protocol.ProtocolVersion;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a server connection goes and what is said there at login. Immutable.
 *
 * @param host the chosen element of the host list; null for the default Unix socket
 * @param address what to connect to
 * @param port the port, also of a Unix socket
 * @param display {@code host:port} or {@code unix:port} for log lines
 * @param version of the protocol that is asked for
 * @param startup parameters of the StartupMessage, in order
 * @param secret how to prove who we are
 * @param channelBinding whether a SCRAM login is bound to its TLS connection
 * @param connectQuery what to run after the login, or null
 */
public record ServerTarget(
    @Nullable String host,
    SocketAddress address,
    int port,
    String display,
    ProtocolVersion version,
    Map<String, String> startup,
    LoginSecret secret,
    ChannelBinding channelBinding,
    @Nullable String connectQuery) {}
