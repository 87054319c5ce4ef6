package io.sluice.config.value;

/** How the network is to be waited for, if the system has it. */
public enum TransportChoice implements Word {
  /** The fastest that works. */
  AUTO("auto"),
  /** Linux's epoll. */
  EPOLL("epoll"),
  /** Linux's io_uring; often forbidden in containers. */
  IO_URING("io_uring"),
  /** What Java brings along everywhere. */
  NIO("nio");

  private final String word;

  TransportChoice(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
