package io.sluice.proxy.server;

import io.sluice.proxy.HotPath;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one lane that are in one state: a doubly linked list through the servers
 * themselves, so that moving one allocates nothing. Confined to its event loop.
 */
@HotPath
public final class ServerList {
  private @Nullable Server first;
  private @Nullable Server last;
  private int size;

  /** Adds at the front: the next to be taken. */
  public void addFirst(Server server) {
    claim(server);
    server.next = first;
    if (first == null) {
      last = server;
    } else {
      first.previous = server;
    }
    first = server;
  }

  /** Adds at the end. */
  public void addLast(Server server) {
    claim(server);
    server.previous = last;
    if (last == null) {
      first = server;
    } else {
      last.next = server;
    }
    last = server;
  }

  private void claim(Server server) {
    if (server.list != null) {
      throw new IllegalStateException("server is in a list already: " + server);
    }
    server.list = this;
    size++;
  }

  /** Takes a server out. */
  public void remove(Server server) {
    if (server.list != this) {
      throw new IllegalStateException("server is not in this list: " + server);
    }
    Server before = server.previous;
    Server after = server.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    server.previous = null;
    server.next = null;
    server.list = null;
    size--;
  }

  public @Nullable Server first() {
    return first;
  }

  public @Nullable Server last() {
    return last;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }
}
