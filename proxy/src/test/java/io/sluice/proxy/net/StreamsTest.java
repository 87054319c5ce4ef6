package io.sluice.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is read when several connections send more than a receive buffer at once. */
class StreamsTest {
  private static final SocketTuning ONE_READ = new SocketTuning(false, 0, 0, 0, 0, 0, 1);
  private static final int DEADLINE_S = 10;

  @TempDir Path directory;

  private final List<SocketChannel> peers = new ArrayList<>();
  private final List<String> reads = new ArrayList<>();
  private final CountDownLatch drained = new CountDownLatch(1);
  private MultiThreadIoEventLoopGroup loops;
  private LoopContext loop;
  private final List<PgConnection> connections = new ArrayList<>();
  private long unread;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable());
    loops = Transport.EPOLL.openLoops(1);
    loop = new LoopContext(loops.next());
  }

  @AfterEach
  void end() throws IOException {
    if (loops != null) {
      loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly();
    }
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }

  @Test
  void readsWhatIsSmallBeforeTheNextPieceOfAStream() throws Exception {
    SocketChannel small = begin("small", () -> {});
    unread++;
    // As large as a Unix socket's buffer is by default: three receive buffers.
    SocketChannel first = begin("first", () -> sendByte(small, "first", 2));
    SocketChannel second = begin("second", () -> {});
    fill(first);
    fill(second);

    goOn();

    assertThat(drained.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(reads)
        .startsWith("first", "second", "first", "small", "second", "first", "second")
        .filteredOn("small"::equals)
        .hasSize(1);
  }

  @Test
  void readsTwoInARoundWhenManyWait() throws Exception {
    SocketChannel small = begin("small", () -> {});
    unread++;
    List<SocketChannel> streams = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String name = "s" + i;
      streams.add(begin(name, i > 0 ? () -> {} : () -> sendByte(small, name, 2)));
    }
    for (SocketChannel stream : streams) {
      fill(stream);
    }

    goOn();

    assertThat(drained.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(reads.subList(9, 13)).containsExactly("s0", "s1", "small", "s2");
  }

  @Test
  void readsMoreOfThemWhenMuchIsSmall() throws Exception {
    List<SocketChannel> small = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      small.add(begin("small", () -> {}));
      send(small.get(i));
    }
    unread += 17;
    SocketChannel first = begin("first", () -> sendByte(small.get(0), "first", 2));
    SocketChannel second = begin("second", () -> {});
    SocketChannel third = begin("third", () -> {});
    for (SocketChannel stream : List.of(first, second, third)) {
      fill(stream);
    }

    goOn();

    assertThat(drained.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(reads.subList(16, 23))
        .containsExactly("first", "second", "third", "first", "second", "third", "small");
  }

  @Test
  void leavesOutWhoHasBeenPaused() throws Exception {
    SocketChannel first =
        begin(
            "first",
            () -> {
              if (count("first") == 2) {
                connections.get(1).pause(1);
              } else if (count("first") == 3) {
                connections.get(1).resume(1);
              }
            });
    SocketChannel second = begin("second", () -> {});
    fill(first);
    fill(second);

    goOn();

    assertThat(drained.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
    assertThat(reads).startsWith("first", "second", "first", "first");
  }

  /** It may say at the end why it went. */
  @Test
  void readsAllThatAPeerHasSentThatIsGone() throws Exception {
    SocketChannel peer = begin("gone", () -> {});
    fill(peer);
    peer.close();

    loop.loop()
        .submit(
            () -> {
              connections.get(0).start();
              connections.get(0).write(Unpooled.buffer().writeByte(0));
              loop.endTurn();
            })
        .sync();

    assertThat(drained.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
  }

  private long count(String name) {
    return reads.stream().filter(name::equals).count();
  }

  private void send(SocketChannel peer) throws IOException {
    peer.write(ByteBuffer.wrap(new byte[1]));
  }

  private void sendByte(SocketChannel peer, String name, int nth) {
    if (count(name) == nth) {
      try {
        send(peer);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }

  /** A connection that notes its reads; the other end of it is the answer. */
  private SocketChannel begin(String name, Runnable onRead) throws Exception {
    Path path = directory.resolve("socket-" + peers.size());
    Socket ours = Socket.newSocketDomain();
    SocketChannel peer;
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      assertThat(ours.connect(new DomainSocketAddress(path.toString()))).isTrue();
      peer = listener.accept();
    }
    peer.configureBlocking(false);
    peers.add(peer);
    loop.loop()
        .submit(
            () -> {
              PgConnection connection =
                  new PgConnection(loop, new SocketCarrier(loop, ours, ONE_READ, true));
              connection.enter(new Noting(name, onRead));
              connections.add(connection);
            })
        .sync();
    return peer;
  }

  /** All begin to be read in one round, in the order in which they were made. */
  private void goOn() throws InterruptedException {
    loop.loop().submit(() -> connections.forEach(PgConnection::start)).sync();
  }

  private void fill(SocketChannel peer) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(SocketTuning.MAX_READ_BYTES);
    int written;
    do {
      written = peer.write(piece.clear());
      unread += written;
    } while (written > 0);
  }

  private final class Noting implements Phase {
    private final String name;
    private final Runnable onRead;

    Noting(String name, Runnable onRead) {
      this.name = name;
      this.onRead = onRead;
    }

    @Override
    public void onRead(ByteBuf owned) {
      reads.add(name);
      unread -= owned.readableBytes();
      owned.release();
      onRead.run();
      if (unread == 0) {
        drained.countDown();
      }
    }

    @Override
    public void onViolation(String sqlState, String text) {
      throw new AssertionError(text);
    }

    @Override
    public void onClosed(String cause) {}
  }
}
