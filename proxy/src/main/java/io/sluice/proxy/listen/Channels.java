package io.sluice.proxy.listen;

import io.sluice.proxy.session.ListenText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The channels of one hub: who listens on which, and what PostgreSQL knows of it. Confined. */
final class Channels {
  private final Map<String, Channel> channels = new LinkedHashMap<>();

  /** Adds a subscriber to a channel. */
  void add(String name, Subscriber subscriber) {
    channels.computeIfAbsent(name, made -> new Channel()).subscribers().add(subscriber);
  }

  /** Takes a subscriber from a channel, or from all of them. */
  void remove(@Nullable String name, Subscriber subscriber) {
    if (name == null) {
      channels.values().forEach(channel -> channel.subscribers().remove(subscriber));
    } else {
      Channel channel = channels.get(name);
      if (channel != null) {
        channel.subscribers().remove(subscriber);
      }
    }
  }

  /** Says whether PostgreSQL listens on every channel of a subscriber's. */
  boolean isConfirmed(Subscriber subscriber) {
    return channels.values().stream()
        .allMatch(channel -> channel.isConfirmed() || !channel.subscribers().contains(subscriber));
  }

  /** The statements that bring PostgreSQL to what is wanted; empty when it is there. */
  String changes(List<String> begun) {
    StringBuilder sql = new StringBuilder();
    for (Map.Entry<String, Channel> entry : List.copyOf(channels.entrySet())) {
      Channel channel = entry.getValue();
      boolean wanted = !channel.subscribers().isEmpty();
      if (wanted && !channel.isConfirmed()) {
        sql.append("LISTEN ").append(ListenText.quote(entry.getKey())).append(';');
        begun.add(entry.getKey());
      } else if (!wanted) {
        channels.remove(entry.getKey());
        if (channel.isConfirmed()) {
          sql.append("UNLISTEN ").append(ListenText.quote(entry.getKey())).append(';');
        }
      }
    }
    return sql.toString();
  }

  /** PostgreSQL listens on these channels. */
  void confirm(List<String> begun) {
    for (String name : begun) {
      Channel channel = channels.get(name);
      if (channel != null) {
        channel.setConfirmed(true);
      }
    }
  }

  /** The connection is gone, and what it listened on. */
  void forget() {
    channels.values().forEach(channel -> channel.setConfirmed(false));
  }

  /** Who listens on a channel, as it is now. */
  List<Subscriber> subscribers(String name) {
    Channel channel = channels.get(name);
    return channel == null ? List.of() : new ArrayList<>(channel.subscribers());
  }

  /** Everybody who listens on anything. */
  Set<Subscriber> everybody() {
    Set<Subscriber> all = new LinkedHashSet<>();
    channels.values().forEach(channel -> all.addAll(channel.subscribers()));
    return all;
  }

  /** Says whether nobody listens on anything. */
  boolean isEmpty() {
    return channels.values().stream().allMatch(channel -> channel.subscribers().isEmpty());
  }
}
