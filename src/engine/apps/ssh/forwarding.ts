import type { Duplex } from "node:stream";
import type { Connection, ServerChannel, TcpipRequestInfo } from "ssh2";
import { dialLoopback } from "../loopbackPort.js";
import { ChannelOutput } from "./channelOutput.js";

/** Where a client may be forwarded to: programs of the session listen on loopback. */
const allowedHosts = new Set(["127.0.0.1", "::1", "localhost"]);

/** Carries the `direct-tcpip` channels of a client to ports of loopback; other hosts are refused. */
export function forwardPorts(client: Connection, connection: Duplex): void {
  client.on("tcpip", (accept, reject, info: TcpipRequestInfo) => {
    if (!allowedHosts.has(info.destIP)) {
      reject();
      return;
    }
    void dialLoopback(info.destPort, { allowHalfOpen: true, host: info.destIP }).then(
      (socket) => {
        if (connection.destroyed) {
          socket.destroy();
        } else {
          join(accept(), socket, connection);
        }
      },
      () => reject(),
    );
  });
}

/** Each direction ends by itself; the channel closes when both have, or when the program breaks the connection. */
function join(channel: ServerChannel, socket: Duplex, connection: Duplex): void {
  const output = new ChannelOutput(channel, connection);
  output.flow.add(socket);
  channel.on("error", () => undefined);
  channel.pipe(socket);
  socket.on("data", (bytes: Buffer) => output.write("stdout", bytes));
  socket.on("error", () => undefined);
  socket.on("end", () => void output.drained().then(() => channel.eof()));
  socket.on("close", () => {
    channel.resume();
    void output.drained().then(() => channel.end());
  });
  const gone = (): void => {
    output.end();
    socket.destroy();
  };
  channel.on("close", gone);
  connection.once("close", gone);
}
