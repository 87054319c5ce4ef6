package io.sluice.config.doc;

import com.typesafe.config.ConfigUtil;
import io.sluice.config.setting.Dialect;
import io.sluice.config.setting.Scope;
import io.sluice.config.setting.Setting;
import io.sluice.config.setting.Settings;
import java.util.List;

/**
 * Writes example configurations in both dialects: a few lines that run, and every other setting
 * with its default, commented out.
 */
public final class ExampleConfig {
  private static final int WIDTH = 96;

  private final Dialect dialect;
  private final String remark;
  private final StringBuilder text = new StringBuilder();

  private ExampleConfig(Dialect dialect) {
    this.dialect = dialect;
    this.remark = dialect == Dialect.INI ? ";;" : "#";
  }

  /** Writes the example in PgBouncer's dialect. */
  public static String ini() {
    return new ExampleConfig(Dialect.INI).write();
  }

  /** Writes the example in HOCON. */
  public static String hocon() {
    return new ExampleConfig(Dialect.HOCON).write();
  }

  private String write() {
    remark(
        "", "Configuration of Sluice. Every setting stands here with its default, commented out.");
    remark("", "The reference with all details is docs/settings.md.");
    main();
    entries(
        Scope.DATABASE,
        "Databases as clients see them. The entry * stands for all names without an entry.",
        databases());
    entries(Scope.USER, "Settings of single users, in place of those of the process.", users());
    entries(Scope.PEER, "Other poolers behind the same address, by their peer_id.", peers());
    return text.toString();
  }

  private void main() {
    text.append('\n').append(isIni() ? "[pgbouncer]\n" : "pgbouncer {\n");
    line("listen_addr = 127.0.0.1");
    line("listen_port = 6432");
    line("auth_type = scram-sha-256");
    line(isIni() ? "auth_file = userlist.txt" : "auth_file = \"userlist.txt\"");
    for (Setting<?> setting : Settings.all()) {
      text.append('\n');
      remark(indent(), setting.summary() + zero(setting));
      commented(setting.name() + " = " + value(setting));
    }
    end();
  }

  private void entries(Scope scope, String summary, List<String> lines) {
    text.append('\n');
    remark("", summary);
    text.append(isIni() ? '[' + scope.section() + "]\n" : scope.section() + " {\n");
    lines.forEach(this::commentedUnlessFirst);
    text.append('\n');
    remark(indent(), "The keys of an entry:");
    for (Setting<?> setting : Settings.in(scope)) {
      remark(indent(), "  " + setting.name() + ": " + setting.summary());
    }
    end();
  }

  /** The first line of the databases is in force, so that the example does something. */
  private void commentedUnlessFirst(String entry) {
    if (entry.startsWith("!")) {
      line(entry.substring(1));
    } else {
      commented(entry);
    }
  }

  private List<String> databases() {
    return isIni()
        ? List.of(
            "!* = host=127.0.0.1 port=5432",
            "app = host=db1,db2 dbname=app_production pool_size=10",
            "report = host=/var/run/postgresql user=report password=file:/run/secrets/report",
            "'odd name' = connect_query='SET search_path = ''my schema'''")
        : List.of(
            "!\"*\" { host = \"127.0.0.1\", port = 5432 }",
            "app { host = [db1, db2], dbname = app_production, pool_size = 10 }",
            "report { host = \"/var/run/postgresql\", user = report, password = \"file:/run/secrets/report\" }",
            "\"odd name\" = \"host=db3 connect_query='SET search_path = my_schema'\"");
  }

  private List<String> users() {
    return isIni()
        ? List.of("alice = pool_mode=session query_timeout=60", "batch = pool_size=2")
        : List.of("alice { pool_mode = session, query_timeout = 1min }", "batch { pool_size = 2 }");
  }

  private List<String> peers() {
    return isIni()
        ? List.of("1 = host=10.0.0.1 port=6432", "2 = host=/tmp/sluice-2")
        : List.of("1 { host = \"10.0.0.1\", port = 6432 }", "2 { host = \"/tmp/sluice-2\" }");
  }

  private String value(Setting<?> setting) {
    String value = setting.defaultText();
    if (isIni()) {
      return value == null ? nothing(setting) : value;
    }
    if (value == null) {
      return "null";
    }
    return value.matches("[0-9a-zA-Z_-]+") ? value : ConfigUtil.quoteString(value);
  }

  /** A number can not be written as an empty text. */
  private static String nothing(Setting<?> setting) {
    return setting.type().isNumeric() ? "0" : "";
  }

  private static String zero(Setting<?> setting) {
    return setting.zeroMeaning() == null ? "" : " 0 means " + setting.zeroMeaning() + '.';
  }

  private boolean isIni() {
    return dialect == Dialect.INI;
  }

  private String indent() {
    return isIni() ? "" : "  ";
  }

  private void end() {
    if (!isIni()) {
      text.append("}\n");
    }
  }

  private void line(String content) {
    text.append(indent()).append(content).append('\n');
  }

  private void commented(String content) {
    String mark = isIni() ? ";" : "#";
    text.append(indent()).append(mark).append(content.stripTrailing()).append('\n');
  }

  /** Writes a remark, wrapped at blanks. */
  private void remark(String indent, String words) {
    StringBuilder line = new StringBuilder(indent).append(remark);
    String hanging = words.startsWith("  ") ? "    " : "";
    for (String word : words.stripLeading().split(" ")) {
      if (line.length() + word.length() >= WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder(indent).append(remark).append(hanging);
      } else if (line.length() == indent.length() + remark.length() && !hanging.isEmpty()) {
        line.append("  ");
      }
      line.append(' ').append(word);
    }
    text.append(line).append('\n');
  }
}
