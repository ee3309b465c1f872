import type { Duplex } from "node:stream";
import type { SessionTunnels } from "../sessionTunnels.js";
import type { SshConnection } from "../sshConnection.js";
import { TunnelDuplex } from "../tunnelDuplex.js";
import type { ForwardPlace } from "./forwardTarget.js";
import { isRefusedBySession, NothingAnswersError, reachError } from "./reachErrors.js";

/** ssh2 and the two pipelines of a forward listen for the end of a channel, more often than Node takes for sound. */
const channelListeners = 32;

/**
 * One connection to a port inside a session. Who opens it destroys it; it holds a share of the session's ssh connection
 * where it goes over ssh.
 * @throws {NothingAnswersError} by ssh only: a tunnel to an app is open before the app is called.
 * @throws {AppNotStartedError}
 */
export async function reachPort(
  place: ForwardPlace,
  tunnels: SessionTunnels,
  signal: AbortSignal,
): Promise<Duplex> {
  const { client, session, target } = place;
  if (target.app === undefined) {
    return reachBySsh(place, tunnels, signal);
  }
  try {
    const tunnel = await client.apps.openTunnel(session.id, target.app, { port: target.port, signal });
    return new TunnelDuplex(tunnel, { takesLossAsEnd: true });
  } catch (error) {
    signal.throwIfAborted();
    throw reachError(error, place);
  }
}

async function reachBySsh(
  place: ForwardPlace,
  tunnels: SessionTunnels,
  signal: AbortSignal,
): Promise<Duplex> {
  const { client, session, target } = place;
  const lease = await tunnels.ssh(client, session.id).acquire(signal);
  try {
    const channel = await loopbackOf(lease.connection, target.port);
    channel.setMaxListeners(channelListeners);
    channel.once("close", () => lease.dispose());
    return channel;
  } catch (error) {
    lease.dispose();
    throw isRefusedBySession(error) ? new NothingAnswersError(place, { cause: error }) : error;
  }
}

/** Programs that listen on `localhost` have one of its two addresses only. */
async function loopbackOf(connection: SshConnection, port: number): Promise<Duplex> {
  try {
    return await connection.connectTo(port);
  } catch (error) {
    if (!isRefusedBySession(error)) {
      throw error;
    }
    return connection.connectTo(port, "::1").catch(() => {
      throw error;
    });
  }
}
