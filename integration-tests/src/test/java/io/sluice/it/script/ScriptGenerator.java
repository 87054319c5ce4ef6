package io.sluice.it.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes scripts: what drivers send, what they could send, and mistakes. The same seed gives the
 * same script. Not thread-safe.
 */
public final class ScriptGenerator {
  private static final String LONG_NAME = "n".repeat(62);
  private static final String[] NAMES = {"", "a", "b", "c", LONG_NAME + "12", LONG_NAME + "13"};
  private static final String[] PORTALS = {"", "", "", "p", "q"};
  private static final String COPY_IN = "COPY script FROM STDIN";

  /** The functions int4pl and int4div. */
  private static final int[] FUNCTIONS = {177, 154};

  private final Random random;
  private final int clients;
  private final List<Burst> bursts = new ArrayList<>();
  private final List<Map<String, Sql>> prepared = new ArrayList<>();
  private List<Request> requests = new ArrayList<>();
  private Map<String, Sql> mine = new HashMap<>();
  private int client;

  private ScriptGenerator(long seed) {
    random = new Random(seed);
    clients = 1 + random.nextInt(3);
  }

  /** Writes the script of a seed. */
  public static Script write(long seed) {
    return new ScriptGenerator(seed).script();
  }

  private Script script() {
    for (int i = 0; i < clients; i++) {
      prepared.add(new HashMap<>());
    }
    int length = 3 + random.nextInt(10);
    while (bursts.size() < length) {
      if (requests.isEmpty()) {
        client = random.nextInt(clients);
        mine = prepared.get(client);
      }
      part();
      if (chance(75)) {
        endBurst();
      }
    }
    return new Script(clients, 1 + random.nextInt(2), bursts);
  }

  private void endBurst() {
    if (requests.isEmpty()) {
      return;
    }
    int length = requests.stream().mapToInt(request -> request.bytes().length).sum();
    int cut = chance(30) ? random.nextInt(length) : 0;
    bursts.add(new Burst(client, cut, requests));
    requests = new ArrayList<>();
  }

  private void part() {
    int kind = random.nextInt(20);
    if (kind < 9) {
      sensible();
    } else if (kind < 13) {
      wild();
    } else if (kind < 17) {
      simple();
    } else if (kind < 18) {
      requests.add(Request.call(FUNCTIONS[random.nextInt(2)], "6", chance(70) ? "2" : "0"));
    } else if (kind < 19) {
      copyBySimpleQuery();
    } else {
      copyByExecute();
    }
  }

  // ---- extended

  /** What a driver sends for one statement, now and then with a part missing. */
  private void sensible() {
    String name = name();
    if (name.isEmpty() || !mine.containsKey(name) || chance(15)) {
      parse(name);
    }
    if (chance(30)) {
      requests.add(Request.describeStatement(name));
    }
    String portal = portal();
    bind(portal, name);
    if (chance(40)) {
      requests.add(Request.describePortal(portal));
    }
    int limit = chance(75) ? 0 : 1 + random.nextInt(3);
    requests.add(Request.execute(portal, limit));
    if (limit > 0 && chance(50)) {
      requests.add(Request.execute(portal, 0));
    }
    end();
  }

  /** Anything in any order. */
  private void wild() {
    for (int left = 1 + random.nextInt(5); left > 0; left--) {
      switch (random.nextInt(9)) {
        case 0, 1 -> parse(name());
        case 2, 3 -> bind(portal(), preparedName());
        case 4 -> requests.add(Request.describeStatement(preparedName()));
        case 5 -> requests.add(Request.describePortal(portal()));
        case 6 -> requests.add(Request.execute(portal(), random.nextInt(3)));
        case 7 -> closeStatement(preparedName());
        default -> requests.add(chance(50) ? Request.flush() : Request.closePortal(portal()));
      }
    }
    end();
  }

  private void end() {
    if (chance(88)) {
      requests.add(Request.sync());
    } else if (chance(50)) {
      requests.add(Request.flush());
    }
  }

  private void parse(String name) {
    Sql sql = Sql.any(random);
    mine.put(name, sql);
    requests.add(Request.parse(name, sql.text()));
  }

  private void bind(String portal, String name) {
    Sql sql = mine.get(name);
    List<String> parameters = sql == null ? List.of() : sql.parameters();
    if (chance(4)) {
      parameters = List.of("1", "2", "3");
    }
    requests.add(Request.bind(portal, name, parameters.toArray(new String[0])));
  }

  private void closeStatement(String name) {
    mine.remove(name);
    requests.add(Request.closeStatement(name));
  }

  private String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  /** A name that was parsed, most often. */
  private String preparedName() {
    String name = name();
    for (int tries = 0; tries < 4 && !mine.containsKey(name); tries++) {
      name = name();
    }
    return name;
  }

  private String portal() {
    return PORTALS[random.nextInt(PORTALS.length)];
  }

  // ---- simple, COPY

  private void simple() {
    Sql first = Sql.any(random);
    String text = first.parameters().isEmpty() ? first.text() : "SELECT 2";
    if (chance(20)) {
      Sql second = Sql.any(random);
      text += "; " + (second.parameters().isEmpty() ? second.text() : "SELECT 3");
    }
    requests.add(Request.query(text));
  }

  private void copyBySimpleQuery() {
    requests.add(Request.query(chance(80) ? COPY_IN : COPY_IN + "; SELECT 4"));
    copyData();
  }

  private void copyByExecute() {
    String name = chance(50) ? "" : "copy";
    requests.add(Request.parse(name, COPY_IN));
    requests.add(Request.bind("", name));
    requests.add(Request.execute("", 0));
    requests.add(chance(40) ? Request.sync() : Request.flush());
    copyData();
    requests.add(Request.sync());
  }

  private void copyData() {
    if (chance(30)) {
      endBurst();
    }
    for (int left = random.nextInt(3); left > 0; left--) {
      requests.add(Request.copyData("1\n2\n"));
    }
    if (chance(20)) {
      requests.add(Request.badCopyData("not a number\n"));
      requests.add(Request.copyData("3\n"));
    }
    requests.add(chance(80) ? Request.copyDone() : Request.copyFail("no more"));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
