package io.sluice.proxy.lifecycle;

import java.util.Map;

/** A process that does nothing but listen to signals and print what they make it do. */
public final class SignalsMain {
  private SignalsMain() {}

  /** Runs until a signal ends it; the argument {@code file3} says that file 3 is set aside. */
  public static void main(String[] arguments) throws InterruptedException {
    FakeActions actions = new FakeActions();
    SignalActions printing = new PrintingActions(actions);
    boolean file3 = arguments.length > 0 && arguments[0].equals("file3");
    Signals signals = new Signals(printing, SystemdNotify.in(Map.of()));
    signals.install();
    signals.installQuit(file3);
    System.out.println("pid " + ProcessHandle.current().pid());
    Thread.currentThread().join();
  }

  private record PrintingActions(FakeActions state) implements SignalActions {
    @Override
    public Activity activity() {
      return state.activity;
    }

    @Override
    public void reload(Runnable ended) {
      System.out.println("reload");
      ended.run();
    }

    @Override
    public void pause() {
      state.activity = Activity.PAUSED;
      System.out.println("pause");
    }

    @Override
    public void resume() {
      state.activity = Activity.RUNNING;
      System.out.println("resume");
    }

    @Override
    public void shutDownWithoutClients() {
      System.out.println("without clients");
    }

    @Override
    public void shutDownWithoutServers() {
      System.out.println("without servers");
    }

    @Override
    public void exitNow() {
      System.out.println("exit");
      System.exit(0);
    }
  }
}
