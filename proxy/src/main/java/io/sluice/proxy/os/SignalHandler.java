package io.sluice.proxy.os;

import com.sun.jna.Pointer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Registers what signals do. The JDK's way for it, {@code sun.misc.Signal}, is in every JDK but may
 * not be named in source without a warning that cannot be suppressed; so it is called by
 * reflection.
 */
public final class SignalHandler {
  private static final Set<Integer> IGNORABLE = Set.of(Libc.SIGHUP, Libc.SIGINT, Libc.SIGTERM);

  private SignalHandler() {}

  /**
   * Calls an action, on a thread of its own, each time a signal arrives. A process started by nohup
   * or in the background of a script inherits some signals as ignored, and the JVM leaves those
   * alone; here they are handled all the same.
   *
   * @param name the name without SIG, such as {@code HUP}
   * @throws IllegalStateException if the JVM keeps the signal to itself
   */
  public static void register(String name, Runnable action) {
    try {
      Class<?> signalClass = Class.forName("sun.misc.Signal");
      Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
      Object signal = signalClass.getConstructor(String.class).newInstance(name);
      endIgnorance((int) signalClass.getMethod("getNumber").invoke(signal));
      Object handler =
          Proxy.newProxyInstance(
              handlerClass.getClassLoader(), new Class<?>[] {handlerClass}, calling(action));
      signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no handler for SIG" + name, e);
    }
  }

  /** Gives the signals that shells ignore for their children their default action back. */
  private static void endIgnorance(int number) {
    if (IGNORABLE.contains(number) && OwnProcess.mayIgnore(number)) {
      Libc.signal(number, Pointer.NULL);
    }
  }

  private static InvocationHandler calling(Runnable action) {
    return (proxy, method, arguments) ->
        switch (method.getName()) {
          case "handle" -> {
            action.run();
            yield null;
          }
          case "equals" -> arguments != null && proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> "handler";
        };
  }
}
