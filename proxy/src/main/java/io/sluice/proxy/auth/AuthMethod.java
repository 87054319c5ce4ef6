package io.sluice.proxy.auth;

/** One client's proof of who it is. Used by one login, from one thread at a time. */
public interface AuthMethod {
  /** Says what a login over TLS may be bound to; called before the method begins, or not at all. */
  default void bind(ChannelOffer offer) {}

  /** Begins: a challenge, or a decision if nothing has to be asked. */
  AuthDecision begin();

  /**
   * Takes the client's answer.
   *
   * @param body the body of a password message ({@code 'p'})
   */
  AuthDecision answer(byte[] body);

  /** Where {@link #begin} belongs. */
  default Workplace beginsOn() {
    return Workplace.LOOP;
  }

  /** Where {@link #answer} belongs. */
  default Workplace answersOn() {
    return Workplace.LOOP;
  }
}
