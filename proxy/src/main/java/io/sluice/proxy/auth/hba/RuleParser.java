package io.sluice.proxy.auth.hba;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Understands the lines of an HBA file; what it does not understand is a mistake. */
final class RuleParser {
  /** What only PostgreSQL knows. */
  static final String MEMBERSHIP =
      "who is a member of which role is not known to a pooler: list the names, or use @file";

  private final IdentMaps maps;
  private final Mistakes mistakes;
  private final List<HbaRule> rules = new ArrayList<>();

  RuleParser(IdentMaps maps, Mistakes mistakes) {
    this.maps = maps;
    this.mistakes = mistakes;
  }

  List<HbaRule> rules() {
    return rules;
  }

  /** Adds the rule of a line. */
  void line(HbaLine line) {
    try {
      rules.add(rule(line, new Fields(line.fields())));
    } catch (Mistake mistake) {
      mistakes.add(line.place(), String.valueOf(mistake.getMessage()));
    } catch (PatternSyntaxException broken) {
      mistakes.add(line.place(), "invalid regular expression: " + broken.getMessage());
    }
  }

  private HbaRule rule(HbaLine line, Fields fields) throws Mistake {
    HbaRule.Type type = type(fields.single("connection type"));
    List<NamePattern> databases = new ArrayList<>();
    for (HbaToken token : fields.next("database specification")) {
      databases.add(database(token));
    }
    List<NamePattern> users = new ArrayList<>();
    for (HbaToken token : fields.next("role specification")) {
      NamePattern user = user(token);
      if (user == null) {
        throw new Mistake(MEMBERSHIP);
      }
      users.add(user);
    }
    HbaAddress address = type == HbaRule.Type.LOCAL ? null : AddressParser.parse(fields);
    HbaMethod method = method(fields.single("authentication method"), type);
    HbaOptions options = new OptionParser(type, method, maps).parse(fields.rest());
    return new HbaRule(
        line.file(),
        line.number(),
        type,
        List.copyOf(databases),
        List.copyOf(users),
        address,
        method,
        options);
  }

  private static HbaRule.Type type(HbaToken token) throws Mistake {
    for (HbaRule.Type type : HbaRule.Type.values()) {
      if (type.word().equals(token.text())) {
        return type;
      }
    }
    throw new Mistake("invalid connection type \"" + token.text() + "\"");
  }

  private static NamePattern database(HbaToken token) throws Mistake {
    if (token.isKeyword("all")) {
      return new NamePattern.Every();
    }
    if (token.isKeyword("sameuser")) {
      return new NamePattern.SameUser();
    }
    if (token.isKeyword("samerole") || token.isKeyword("samegroup")) {
      throw new Mistake(MEMBERSHIP);
    }
    if (token.isKeyword("replication")) {
      return new NamePattern.Replication();
    }
    return name(token);
  }

  /** What a word says of users; null when it asks for the members of a role. */
  static @Nullable NamePattern user(HbaToken token) {
    if (token.isKeyword("all")) {
      return new NamePattern.Every();
    }
    if (!token.isQuoted() && token.text().startsWith("+")) {
      return null;
    }
    return name(token);
  }

  private static NamePattern name(HbaToken token) {
    return NamePattern.isExpression(token)
        ? new NamePattern.Matching(NamePattern.compile(token))
        : new NamePattern.Exactly(token.text(), token);
  }

  private static HbaMethod method(HbaToken token, HbaRule.Type type) throws Mistake {
    boolean isLocal = type == HbaRule.Type.LOCAL;
    HbaMethod method = HbaMethod.find(token.text(), isLocal);
    if (method == null) {
      throw new Mistake(HbaMethod.complaint(token.text()));
    }
    if (method == HbaMethod.PEER && !isLocal) {
      throw new Mistake("peer authentication is only supported on local sockets");
    }
    if (method == HbaMethod.CERT && type != HbaRule.Type.HOSTSSL) {
      throw new Mistake("cert authentication is only supported on hostssl connections");
    }
    return method;
  }
}
