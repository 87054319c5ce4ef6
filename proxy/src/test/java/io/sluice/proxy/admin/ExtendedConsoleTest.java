package io.sluice.proxy.admin;

import static io.sluice.protocol.write.FrontendWriter.closeStatement;
import static io.sluice.protocol.write.FrontendWriter.describePortal;
import static io.sluice.protocol.write.FrontendWriter.describeStatement;
import static io.sluice.protocol.write.FrontendWriter.execute;
import static io.sluice.protocol.write.FrontendWriter.flush;
import static io.sluice.protocol.write.FrontendWriter.parse;
import static io.sluice.protocol.write.FrontendWriter.query;
import static io.sluice.protocol.write.FrontendWriter.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.protocol.write.FrontendWriter;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExtendedConsoleTest {
  private static final int TEXT = 0;
  private static final int BINARY = 1;

  private static RunningConsole console;
  private Wire client;

  @BeforeAll
  static void start() throws IOException {
    console = RunningConsole.start();
  }

  @AfterAll
  static void stop() {
    console.close();
  }

  @BeforeEach
  void login() throws IOException {
    client = console.login(RunningConsole.BOSS);
  }

  @AfterEach
  void leave() throws IOException {
    client.close();
  }

  private Reply send(Consumer<ByteBuf> messages) throws IOException {
    client.send(messages);
    return Reply.of(client.readToReady());
  }

  @Test
  void runsAShowAsDriversDo() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW VERSION");
              Wire.bind(out, "", "");
              describePortal(out, "");
              execute(out, "", 0);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("12TDCZ");
    assertThat(reply.columns).containsExactly("version:25");
    assertThat(reply.rows).containsExactly(List.of("PgBouncer 1.25.2"));
    assertThat(reply.tag()).isEqualTo("SHOW");
  }

  @Test
  void describesAStatementBeforeItIsBound() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "s", "SHOW STATE");
              describeStatement(out, "s");
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("1tTZ");
    assertThat(reply.columns).containsExactly("key:25", "value:25");
  }

  @Test
  void describesACommandAsOneWithoutRows() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "RELOAD");
              describeStatement(out, "");
              Wire.bind(out, "", "");
              describePortal(out, "");
              execute(out, "", 0);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("1tn2nCZ");
    assertThat(reply.tag()).isEqualTo("RELOAD");
  }

  @Test
  void tellsOfHelpInANotice() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW HELP");
              Wire.bind(out, "", "");
              describePortal(out, "");
              execute(out, "", 0);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("12nNCZ");
  }

  @Test
  void sendsNumbersInBinaryToThoseWhoWantThem() throws IOException {
    client.send(
        out -> {
          parse(out, "", "SHOW LISTS");
          Wire.bind(out, "", "", TEXT, BINARY);
          describePortal(out, "");
          execute(out, "", 1);
          sync(out);
        });

    List<Wire.Message> messages = client.readToReady();

    assertThat(Wire.letters(messages)).isEqualTo("12TDsZ");
    assertThat(formatCodes(messages.get(2))).containsExactly(TEXT, BINARY);
    // databases: two of the file, and the console's
    assertThat(ByteBufUtil.hexDump(messages.get(3).body()))
        .isEqualTo("0002" + "00000009" + "646174616261736573" + "00000004" + "00000003");
  }

  private static int[] formatCodes(Wire.Message description) {
    ByteBuf body = description.body().duplicate();
    int[] formats = new int[body.readShort()];
    for (int i = 0; i < formats.length; i++) {
      body.skipBytes(body.bytesBefore((byte) 0) + 1 + 16);
      formats[i] = body.readShort();
    }
    return formats;
  }

  @Test
  void takesOneFormatForAllColumns() throws IOException {
    client.send(
        out -> {
          parse(out, "", "SHOW DNS_ZONES");
          Wire.bind(out, "", "", BINARY);
          describePortal(out, "");
          sync(out);
        });

    assertThat(formatCodes(client.readToReady().get(2))).containsExactly(BINARY, BINARY, BINARY);
  }

  @Test
  void refusesFormatsThatDoNotFitTheColumns() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW STATE");
              Wire.bind(out, "", "", TEXT, TEXT, TEXT);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("1EZ");
    assertThat(reply.error())
        .isEqualTo("ERROR 08P01 bind message has 3 result formats but query has 2 columns");
  }

  @Test
  void handsRowsOutInPortionsUntilSync() throws IOException {
    client.send(
        out -> {
          parse(out, "", "SHOW STATE");
          Wire.bind(out, "p", "");
          execute(out, "p", 2);
          execute(out, "p", 2);
          sync(out);
        });
    assertThat(client.lettersToReady()).isEqualTo("12DDsDCZ");

    Reply reply =
        send(
            out -> {
              execute(out, "p", 0);
              sync(out);
            });

    assertThat(reply.error()).isEqualTo("ERROR 34000 portal \"p\" does not exist");
  }

  @Test
  void keepsNamedStatementsUntilTheyAreClosed() throws IOException {
    assertThat(
            send(out -> {
                  parse(out, "kept", "SHOW VERSION");
                  sync(out);
                })
                .letters)
        .isEqualTo("1Z");

    for (int i = 0; i < 2; i++) {
      assertThat(
              send(out -> {
                    Wire.bind(out, "", "kept");
                    execute(out, "", 0);
                    sync(out);
                  })
                  .letters)
          .isEqualTo("2DCZ");
    }

    Reply reply =
        send(
            out -> {
              closeStatement(out, "kept");
              closeStatement(out, "never there");
              Wire.bind(out, "", "kept");
              sync(out);
            });
    assertThat(reply.letters).isEqualTo("33EZ");
    assertThat(reply.error()).isEqualTo("ERROR 26000 prepared statement \"kept\" does not exist");
  }

  @Test
  void refusesASecondStatementOfTheSameName() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "twice", "SHOW VERSION");
              parse(out, "twice", "SHOW STATE");
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("1EZ");
    assertThat(reply.error()).isEqualTo("ERROR 42P05 prepared statement \"twice\" already exists");
  }

  @Test
  void replacesTheUnnamedStatement() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW VERSION");
              parse(out, "", "SHOW STATE");
              describeStatement(out, "");
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("11tTZ");
    assertThat(reply.columns).containsExactly("key:25", "value:25");
  }

  @Test
  void skipsEverythingAfterAnErrorUpToSync() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW NOTHING");
              Wire.bind(out, "", "");
              describePortal(out, "");
              execute(out, "", 0);
              query(out, "SHOW VERSION");
              flush(out);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("EZ");
    assertThat(reply.error())
        .isEqualTo("ERROR 08P01 invalid command 'SHOW NOTHING', use SHOW HELP;");
    assertThat(client.query("SHOW VERSION").letters).isEqualTo("TDCZ");
  }

  @Test
  void skipsUpToSyncWhenACommandIsRefusedAtExecute() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "RESUME");
              Wire.bind(out, "", "");
              execute(out, "", 0);
              execute(out, "", 0);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("12EZ");
    assertThat(reply.error()).isEqualTo("ERROR 08P01 pooler is not paused/suspended");
  }

  @Test
  void answersAnEmptyQueryAsPostgresDoes() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", " ");
              Wire.bind(out, "", "");
              describePortal(out, "");
              execute(out, "", 0);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("12nIZ");
  }

  @Test
  void keepsTheRowsOfAFewPortalsOnly() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "s", "SHOW CONFIG");
              for (int i = 0; i < 300; i++) {
                Wire.bind(out, "whole", "s");
                execute(out, "whole", 0);
              }
              for (int i = 0; i < 5; i++) {
                Wire.bind(out, "p" + i, "s");
                execute(out, "p" + i, 1);
              }
              sync(out);
            });

    assertThat(reply.letters).endsWith("2Ds2Ds2Ds2Ds2EZ");
    assertThat(reply.error()).isEqualTo("ERROR 08P01 more than 4 portals with rows left");
  }

  @Test
  void refusesParameters() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SHOW VERSION");
              FrontendWriter.bind(out, "", "", List.of(new byte[] {'x'}));
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("1EZ");
    assertThat(reply.error()).isEqualTo("ERROR 08P01 console commands have no parameters");
  }

  @Test
  void endsTheConnectionOfWhoeverSendsHalfABind() throws IOException {
    client.sendBytes(new byte[] {'B', 0, 0, 0, 6, 0, 0});

    Reply reply = Reply.of(client.readToReady());

    assertThat(reply.letters).isEqualTo("E");
    assertThat(reply.error()).isEqualTo("FATAL 08P01 bad Bind packet");
  }

  @Test
  void acceptsWhatDriversSetOnConnecting() throws IOException {
    Reply reply =
        send(
            out -> {
              parse(out, "", "SET extra_float_digits = 3");
              Wire.bind(out, "", "");
              execute(out, "", 1);
              parse(out, "", "SET application_name = 'PostgreSQL JDBC Driver'");
              Wire.bind(out, "", "");
              execute(out, "", 1);
              sync(out);
            });

    assertThat(reply.letters).isEqualTo("12NC12NCZ");
    assertThat(reply.tags).containsExactly("SET", "SET");
  }
}
