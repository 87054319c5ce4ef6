package io.sluice.proxy.auth;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.scram.ScramKeys;
import io.sluice.proxy.catalog.Credentials;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a method says after each step of a client's proof. */
public sealed interface AuthDecision {
  /**
   * The client has to answer.
   *
   * @param message writes what it is asked
   */
  record Challenge(Consumer<ByteBuf> message) implements AuthDecision {}

  /**
   * The client is who it says it is.
   *
   * @param message writes what it is still told before AuthenticationOk
   * @param keys SCRAM keys that the proof has shown, if any
   * @param secret the password that the proof has shown, where no list has it
   */
  record Accepted(Consumer<ByteBuf> message, @Nullable ScramKeys keys, @Nullable Credentials secret)
      implements AuthDecision {
    /** Accepts without another word. */
    public static final Accepted PLAIN = new Accepted(out -> {}, null, null);

    /** Accepts; the client's servers log in with the same password. */
    static Accepted with(Credentials secret) {
      return new Accepted(out -> {}, null, secret);
    }

    /** Hides what was shown. */
    @Override
    public String toString() {
      return "Accepted";
    }
  }

  /**
   * The client is turned away.
   *
   * @param sqlState SQLSTATE
   * @param text what the client is told: nothing that helps to guess
   * @param detail why, for the log only
   */
  record Refused(String sqlState, String text, String detail) implements AuthDecision {}
}
