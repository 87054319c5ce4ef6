package io.sluice.proxy.os;

import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Passwords that the system's PAM checks: {@code auth} and {@code account} of a service. Each check
 * has a session of its own with the library; it may take seconds. Thread-safe, as far as the
 * modules of the service are.
 *
 * @param service the file in {@code /etc/pam.d}
 * @param directory where the file is instead; null for {@code /etc/pam.d}
 */
public record Pam(String service, @Nullable Path directory) {
  private static final String LIBRARY = Libc.MAC ? "pam" : "libpam.so.0";

  private static final int SUCCESS = 0;
  private static final int BUF_ERROR = 5;
  private static final int CONV_ERROR = 19;
  private static final int ITEM_RHOST = 4;
  private static final int PROMPT_ECHO_OFF = 1;
  private static final int PROMPT_ECHO_ON = 2;

  /** PAM_SILENT and PAM_DISALLOW_NULL_AUTHTOK. */
  private static final int FLAGS = Libc.MAC ? 0x80000001 : 0x8001;

  private static final int MAX_MESSAGES = 32;

  /** struct pam_response: {@code char *text, int code}, padded. */
  private static final int RESPONSE_BYTES = 2 * Native.POINTER_SIZE;

  /** What the library asks of us: passwords. */
  interface Conversation extends Callback {
    /**
     * Answers questions.
     *
     * @return 0, or an error of PAM
     */
    int invoke(int count, Pointer messages, Pointer responses, @Nullable Pointer data);
  }

  /**
   * Checks a password.
   *
   * @param from the client's address
   * @return null when it is right, else why not, for the log
   */
  public @Nullable String check(String user, String password, String from) {
    try {
      return check(NativeLibrary.getInstance(LIBRARY), user, password, from);
    } catch (UnsatisfiedLinkError missing) {
      return "PAM is not installed: " + LIBRARY;
    }
  }

  private @Nullable String check(NativeLibrary pam, String user, String password, String from) {
    Conversation conversation =
        (count, messages, responses, data) -> answer(password, count, messages, responses);
    // struct pam_conv: function, data. Both stay reachable until pam_end.
    try (Memory conv = new Memory(2L * Native.POINTER_SIZE);
        Memory handle = new Memory(Native.POINTER_SIZE)) {
      conv.setPointer(0, com.sun.jna.CallbackReference.getFunctionPointer(conversation));
      conv.setPointer(Native.POINTER_SIZE, null);
      int status = start(pam, user, conv, handle);
      if (status != SUCCESS) {
        return "pam_start: error " + status;
      }
      Pointer session = handle.getPointer(0);
      try {
        status = run(pam, session, from);
        return status == SUCCESS ? null : text(pam, session, status);
      } finally {
        call(pam, "pam_end", session, status);
        java.lang.ref.Reference.reachabilityFence(conversation);
      }
    }
  }

  private int start(NativeLibrary pam, String user, Memory conv, Memory handle) {
    byte[] name = (user + '\0').getBytes(StandardCharsets.UTF_8);
    return directory == null
        ? call(pam, "pam_start", service, name, conv, handle)
        : call(pam, "pam_start_confdir", service, name, conv, directory.toString(), handle);
  }

  private static int run(NativeLibrary pam, Pointer session, String from) {
    int status = call(pam, "pam_set_item", session, ITEM_RHOST, from);
    if (status == SUCCESS) {
      status = call(pam, "pam_authenticate", session, FLAGS);
    }
    return status == SUCCESS ? call(pam, "pam_acct_mgmt", session, FLAGS) : status;
  }

  private static int call(NativeLibrary pam, String name, Object... arguments) {
    Function function = pam.getFunction(name);
    return function.invokeInt(arguments);
  }

  private static String text(NativeLibrary pam, Pointer session, int status) {
    String text =
        pam.getFunction("pam_strerror").invokeString(new Object[] {session, status}, false);
    return text == null ? "PAM error " + status : text;
  }

  /** Answers every question with the password; what is only said needs no answer. */
  private static int answer(String password, int count, Pointer messages, Pointer responses) {
    if (count <= 0 || count > MAX_MESSAGES) {
      return CONV_ERROR;
    }
    // The library frees what it is given.
    long bytes = (long) count * RESPONSE_BYTES;
    long address = Native.malloc(bytes);
    if (address == 0) {
      return BUF_ERROR;
    }
    Pointer array = new Pointer(address);
    array.clear(bytes);
    for (int i = 0; i < count; i++) {
      // const struct pam_message **: {@code int style, char *text} each.
      Pointer message = messages.getPointer((long) i * Native.POINTER_SIZE);
      int style = message.getInt(0);
      if (style == PROMPT_ECHO_OFF || style == PROMPT_ECHO_ON) {
        array.setPointer((long) i * RESPONSE_BYTES, copy(password));
      }
    }
    responses.setPointer(0, array);
    return SUCCESS;
  }

  private static Pointer copy(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    Pointer copy = new Pointer(Native.malloc(bytes.length));
    copy.write(0, bytes, 0, bytes.length);
    return copy;
  }
}
