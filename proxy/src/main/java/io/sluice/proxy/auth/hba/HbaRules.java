package io.sluice.proxy.auth.hba;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an HBA file, with the maps of the ident file. Immutable.
 *
 * <p>All or nothing: files with a mistake are refused whole, since a broken {@code reject} rule
 * would open what it was to close.
 */
public final class HbaRules {
  /** No rules: nobody gets in. */
  public static final HbaRules NONE = new HbaRules(List.of(), IdentMaps.NONE);

  private final List<HbaRule> rules;
  private final IdentMaps maps;
  private final List<HbaAddress.Range> networks;

  private HbaRules(List<HbaRule> rules, IdentMaps maps) {
    this.rules = List.copyOf(rules);
    this.maps = maps;
    this.networks =
        rules.stream().anyMatch(HbaRules::asksForNetworks) ? Networks.ofThisMachine() : List.of();
  }

  private static boolean asksForNetworks(HbaRule rule) {
    return rule.address() instanceof HbaAddress.SameHost
        || rule.address() instanceof HbaAddress.SameNet;
  }

  /** What reading the files gives. */
  public sealed interface Result {}

  /** The files are good. */
  public record Loaded(HbaRules rules) implements Result {}

  /**
   * The files are not used.
   *
   * @param problems {@code file:line: sentence}
   */
  public record Refused(List<String> problems) implements Result {}

  /**
   * Reads the files.
   *
   * @param hba the rules
   * @param ident the maps, or null without any
   */
  public static Result read(Path hba, @Nullable Path ident) {
    Mistakes mistakes = new Mistakes();
    IdentMaps maps = ident == null ? IdentMaps.NONE : IdentMaps.read(ident, mistakes);
    RuleParser parser = new RuleParser(maps, mistakes);
    new FileReader(mistakes).read(hba).forEach(parser::line);
    List<HbaRule> rules = parser.rules();
    if (rules.isEmpty() && mistakes.isEmpty()) {
      mistakes.add(hba.toString(), "there are no rules, so nobody could log in");
    }
    return mistakes.isEmpty() ? new Loaded(new HbaRules(rules, maps)) : new Refused(mistakes.all());
  }

  /**
   * Finds the rule that decides a login.
   *
   * @param found gets the rule, or null when there is none; called once, perhaps before this
   *     returns
   */
  public void find(LoginRequest login, HostNames names, Consumer<@Nullable HbaRule> found) {
    new HbaSearch(this, login, names, found).walk();
  }

  /** All rules, in order. */
  public List<HbaRule> all() {
    return rules;
  }

  /** The maps of names. */
  public IdentMaps maps() {
    return maps;
  }

  /** The networks of this machine when the rules were read; none when no rule asks for them. */
  List<HbaAddress.Range> networks() {
    return networks;
  }
}
