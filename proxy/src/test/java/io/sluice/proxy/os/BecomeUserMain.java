package io.sluice.proxy.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Becomes another user while threads run, and prints what the kernel says of each thread. */
public final class BecomeUserMain {
  private BecomeUserMain() {}

  /** Takes the name of the user. */
  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < 4; i++) {
      Thread idle = new Thread(BecomeUserMain::waitForever);
      idle.setDaemon(true);
      idle.start();
    }
    ProcessUser.become(arguments[0]);
    try (var tasks = Files.list(Path.of("/proc/self/task"))) {
      tasks.forEach(BecomeUserMain::print);
    }
    System.out.println("root: " + (OwnProcess.effectiveUid() == OwnProcess.ROOT));
  }

  private static void print(Path task) {
    try {
      List<String> status = Files.readAllLines(task.resolve("status"));
      status.stream()
          .filter(line -> line.matches("(Uid|Gid|Groups):.*"))
          .forEach(System.out::println);
    } catch (IOException e) {
      // A thread that has ended meanwhile.
      System.out.println("gone");
    }
  }

  private static void waitForever() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
