package io.sluice.proxy.lifecycle;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL that answers by itself: every query succeeds, {@code hold} runs until it is let go
 * or cancelled, {@code BEGIN} and {@code COMMIT} do what they say.
 */
final class SelfRunningPostgres implements AutoCloseable {
  private static final int CANCEL_CODE = 80877102;
  private static final int SECRET = 4711;

  private final ServerSocket listener;
  private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
  private final List<Socket> cancelling = new CopyOnWriteArrayList<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final AtomicInteger lastPid = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger cancels = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile @Nullable String refusal;
  private volatile Map<String, String> startup = Map.of();
  private volatile boolean holdsCancels;
  private volatile boolean holdsLogins;
  private final Gate gate = new Gate();

  private SelfRunningPostgres(ServerSocket listener) {
    this.listener = listener;
  }

  static SelfRunningPostgres start() throws IOException {
    return start(0);
  }

  static SelfRunningPostgres start(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
    SelfRunningPostgres made = new SelfRunningPostgres(socket);
    made.inBackground(made::acceptAll);
    return made;
  }

  private void inBackground(Runnable work) {
    Thread thread = new Thread(work, "postgres");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        inBackground(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      if (in.readInt() == CANCEL_CODE) {
        cancel(socket, in.readInt(), in.readInt());
        return;
      }
      byte[] parameters = new byte[length - 8];
      in.readFully(parameters);
      startup = read(parameters);
      Session session = new Session(lastPid.incrementAndGet(), socket, in);
      session.run();
    } catch (EOFException | SocketException end) {
      // The other side has gone.
      return;
    } catch (IOException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static Map<String, String> read(byte[] parameters) {
    Map<String, String> read = new LinkedHashMap<>();
    String[] words = new String(parameters, StandardCharsets.UTF_8).split("\0", -1);
    for (int i = 0; i + 1 < words.length && !words[i].isEmpty(); i += 2) {
      read.put(words[i], words[i + 1]);
    }
    return read;
  }

  private void cancel(Socket socket, int pid, int secret) throws InterruptedException {
    cancels.incrementAndGet();
    Session session = sessions.get(pid);
    if (session != null && secret == SECRET) {
      session.cancel();
    }
    cancelling.add(socket);
    gate.awaitOpen(() -> !holdsCancels);
    cancelling.remove(socket);
  }

  // ---- what a test wants

  /** Refuses logins with {@code SQLSTATE:text}; null lets them in. */
  void refuse(@Nullable String stateAndText) {
    refusal = stateAndText;
  }

  void holdLogins(boolean hold) {
    holdsLogins = hold;
    gate.look();
  }

  /** Keeps the connections that bring cancel requests open after the request was followed. */
  void holdCancels(boolean hold) {
    holdsCancels = hold;
    gate.look();
  }

  /** Lets all queries that hold now go on. */
  void letGo() {
    sessions.values().stream().filter(session -> session.holding).forEach(Session::letGo);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What the last StartupMessage said. */
  Map<String, String> startup() {
    return startup;
  }

  /** The process ids of all sessions. */
  Set<Integer> pids() {
    return sessions.keySet();
  }

  int sessions() {
    return sessions.size();
  }

  /** The most sessions that there were at a time. */
  int mostSessions() {
    return most.get();
  }

  int logins() {
    return logins.get();
  }

  int cancels() {
    return cancels.get();
  }

  int cancelsUnderWay() {
    return cancelling.size();
  }

  /** Queries that hold now. */
  int holding() {
    return (int) sessions.values().stream().filter(session -> session.holding).count();
  }

  /** All statements, as {@code pid:sql}. */
  List<String> queries() {
    return queries;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Session session : sessions.values()) {
      session.socket.close();
    }
  }

  /** Where threads wait for a test to let them go on. */
  private static final class Gate {
    synchronized void awaitOpen(java.util.function.BooleanSupplier open)
        throws InterruptedException {
      while (!open.getAsBoolean()) {
        wait();
      }
    }

    synchronized void look() {
      notifyAll();
    }
  }

  /** One login. */
  private final class Session {
    private final int pid;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private volatile boolean holding;
    private boolean cancelled;
    private boolean free;
    private char status = 'I';

    Session(int pid, Socket socket, DataInputStream in) throws IOException {
      this.pid = pid;
      this.socket = socket;
      this.in = in;
      this.out = socket.getOutputStream();
    }

    void run() throws IOException, InterruptedException {
      logins.incrementAndGet();
      gate.awaitOpen(() -> !holdsLogins);
      String refused = refusal;
      if (refused != null) {
        error("FATAL", refused.substring(0, 5), refused.substring(6));
        return;
      }
      sessions.put(pid, this);
      if (listener.isClosed()) {
        // It was accepted in the moment of the close.
        socket.close();
      }
      most.accumulateAndGet(sessions.size(), Math::max);
      try {
        welcome();
        while (true) {
          message((char) in.readUnsignedByte());
        }
      } finally {
        sessions.remove(pid);
      }
    }

    private void welcome() throws IOException {
      send('R', new byte[4]);
      parameter("server_version", "17.0");
      parameter("client_encoding", "UTF8");
      parameter("DateStyle", "ISO, MDY");
      parameter("TimeZone", "UTC");
      parameter("standard_conforming_strings", "on");
      parameter("application_name", "");
      send('K', ByteBuffer.allocate(8).putInt(pid).putInt(SECRET).array());
      ready();
    }

    private void message(char type) throws IOException, InterruptedException {
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      switch (type) {
        case 'Q' -> {
          query(new String(body, 0, body.length - 1, StandardCharsets.UTF_8));
          ready();
        }
        case 'P' -> send('1');
        case 'B' -> send('2');
        case 'D' -> send('n');
        case 'C' -> send('3');
        case 'E' -> query("execute");
        case 'S' -> ready();
        case 'H', 'd', 'c', 'f' -> {}
        case 'X' -> throw new EOFException();
        default -> throw new IOException("message " + type);
      }
    }

    private void query(String sql) throws IOException, InterruptedException {
      queries.add(pid + ":" + sql);
      if (sql.equals("BEGIN")) {
        status = 'T';
      } else if (sql.equals("COMMIT")) {
        status = 'I';
      } else if (sql.equals("hold") && !hold()) {
        status = status == 'T' ? 'E' : status;
        error("ERROR", "57014", "canceling statement due to user request");
        return;
      }
      send('C', cstr("SELECT 0"));
    }

    private synchronized boolean hold() throws InterruptedException {
      cancelled = false;
      free = false;
      holding = true;
      while (!cancelled && !free) {
        wait();
      }
      holding = false;
      return free;
    }

    synchronized void letGo() {
      free = true;
      notifyAll();
    }

    synchronized void cancel() {
      cancelled = true;
      notifyAll();
    }

    private void parameter(String name, String value) throws IOException {
      send('S', cstr(name), cstr(value));
    }

    private void ready() throws IOException {
      send('Z', new byte[] {(byte) status});
    }

    private void error(String severity, String state, String text) throws IOException {
      send(
          'E',
          cstr("S" + severity),
          cstr("V" + severity),
          cstr("C" + state),
          cstr("M" + text),
          new byte[1]);
    }

    private void send(char type, byte[]... parts) throws IOException {
      out.write(TestClient.message(type, parts));
      out.flush();
    }

    private static byte[] cstr(String text) {
      return TestClient.cstr(text);
    }
  }
}
