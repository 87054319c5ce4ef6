package io.sluice.proxy.admin.command;

import io.sluice.proxy.client.Client;
import io.sluice.proxy.client.ClientClose;
import io.sluice.proxy.client.ClientState;
import io.sluice.proxy.server.Server;
import io.sluice.proxy.server.ServerClose;
import java.util.List;

/** KILL_CLIENT: ends one client, named by its id in SHOW CLIENTS, and the server that it holds. */
final class KillClientCommand implements Command {
  private static final String TAG = "KILL_CLIENT";

  /** Digits of the largest id. */
  private static final int MAX_DIGITS = 18;

  @Override
  public Answer run(CommandCall call) {
    call.logWithArgument(TAG);
    String id = call.argument();
    if (!id.matches("[0-9]{1," + MAX_DIGITS + "}")) {
      return Answer.refused("invalid client pointer supplied");
    }
    long wanted = Long.parseLong(id);
    List<Client> found =
        call.view()
            .allClients(client -> client.id() == wanted && client.state() != ClientState.LOGIN);
    if (found.isEmpty()) {
      return Answer.refused("client not found");
    }
    kill(found.get(0));
    return new Answer.Done(TAG);
  }

  private static void kill(Client client) {
    Server server = client.server();
    if (server != null) {
      // Detached first: the client is to be told of the administrator, not of a lost server. Closed
      // first: it must not be somebody else's by then.
      server.attach(null);
      server.close(ServerClose.ADMIN);
    }
    client.close(ClientClose.ADMIN);
  }
}
