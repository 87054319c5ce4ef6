package io.sluice.it.script;

import io.sluice.demo.wire.WireAddress;
import io.sluice.demo.wire.WireLogin;
import io.sluice.demo.wire.WireTimeout;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a script is played: clients that are logged in to one place. Not thread-safe. */
public final class Stage implements Closeable {
  private final List<Seat> seats = new ArrayList<>();

  private Stage() {}

  /** Logs in as many clients as a play needs. */
  private static Stage open(int clients, WireAddress address, WireLogin login, Duration patience)
      throws IOException {
    Stage stage = new Stage();
    try {
      for (int i = 0; i < clients; i++) {
        stage.seats.add(Seat.login(address, login, patience));
      }
      return stage;
    } catch (IOException | RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  /** Plays a script against PostgreSQL itself. */
  public static Play record(Script script, WireAddress postgres, WireLogin login)
      throws IOException {
    try (Stage stage = open(script.clients(), postgres, login, Duration.ofSeconds(20))) {
      List<Turn> turns = new ArrayList<>();
      for (Burst burst : script.bursts()) {
        if (stage.mayPlay(burst.client(), script.servers())) {
          turns.add(stage.play(burst));
        }
      }
      stage.end(turns);
      boolean atRest =
          stage.seats.stream().allMatch(seat -> seat.isClosed() || seat.outstanding().isFree());
      return new Play(script.clients(), turns, atRest);
    }
  }

  /**
   * Plays what PostgreSQL was played against another place.
   *
   * @return the first difference, told; empty when there is none
   */
  public static Optional<String> difference(
      Play play,
      WireAddress address,
      WireLogin login,
      Duration patience,
      List<Exemption> exemptions)
      throws IOException {
    try (Stage stage = open(play.clients(), address, login, patience)) {
      for (Turn turn : play.turns()) {
        Turn replayed = stage.replay(turn);
        if (!replayed.equals(turn)) {
          return turn.isExempted(replayed, exemptions)
              ? Optional.empty()
              : Optional.of(turn.tell(replayed));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * A pooler with so many servers can serve so many clients that are in the middle of something.
   */
  private boolean mayPlay(int client, int servers) {
    Seat seat = seats.get(client);
    if (seat.isClosed()) {
      return false;
    }
    long busy = seats.stream().filter(s -> !s.isClosed() && !s.outstanding().isFree()).count();
    return busy < servers || !seat.outstanding().isFree();
  }

  private Turn play(Burst burst) throws IOException {
    Seat seat = seats.get(burst.client());
    seat.send(burst);
    List<String> answers = new ArrayList<>();
    try {
      while (!seat.isClosed() && seat.outstanding().isAwaited()) {
        answers.add(seat.answer());
      }
    } catch (WireTimeout e) {
      throw new IOException(burst + " was not answered in full: " + answers + "; " + seat, e);
    }
    return new Turn(burst, answers);
  }

  /** Brings every client to rest, those first that are in the middle of something. */
  private void end(List<Turn> turns) throws IOException {
    List<Seat> busy = seats.stream().filter(seat -> !seat.outstanding().isFree()).toList();
    for (Seat seat : busy) {
      end(seat, turns);
    }
    for (Seat seat : seats) {
      if (!busy.contains(seat)) {
        end(seat, turns);
      }
    }
  }

  private void end(Seat seat, List<Turn> turns) throws IOException {
    if (!seat.isClosed()) {
      turns.add(play(lastBurst(seats.indexOf(seat))));
    }
  }

  private Burst lastBurst(int client) {
    List<Request> requests = new ArrayList<>();
    if (seats.get(client).outstanding().isCopyIn()) {
      requests.add(Request.copyFail("the end"));
    }
    requests.add(Request.sync());
    requests.add(Request.query("ROLLBACK"));
    requests.add(Request.query("SELECT 'the end of client " + client + "'"));
    return new Burst(client, 0, requests);
  }

  /** Plays a turn up to the first difference. */
  private Turn replay(Turn turn) throws IOException {
    Seat seat = seats.get(turn.burst().client());
    seat.send(turn.burst());
    List<String> seen = new ArrayList<>();
    for (String expected : turn.answers()) {
      String answer = answerOrSilence(seat);
      seen.add(answer);
      if (!answer.equals(expected)) {
        break;
      }
    }
    return new Turn(turn.burst(), seen);
  }

  private static String answerOrSilence(Seat seat) throws IOException {
    try {
      return seat.answer();
    } catch (WireTimeout e) {
      return "silence";
    }
  }

  @Override
  public void close() throws IOException {
    for (Seat seat : seats) {
      seat.close();
    }
  }
}
