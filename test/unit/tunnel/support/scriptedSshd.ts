import type { Duplex } from "node:stream";
import ssh2, { type ServerChannel } from "ssh2";
import { makePrivateKey } from "../../../../src/engine/apps/ssh/sessionKeys.js";
import { SshConnection } from "../../../../src/tunnel/sshConnection.js";
import { TunnelDuplex } from "../../../../src/tunnel/tunnelDuplex.js";
import type { TunnelSocket } from "../../../../src/api/index.js";

const key = makePrivateKey();

/** An sshd at the other end of `stream` that lets everybody in, and whose programs are `onExec`. */
export function serveSsh(stream: Duplex, onExec: (channel: ServerChannel, command: string) => void): void {
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (attempt) => attempt.accept());
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _, { command }) => onExec(acceptExec(), command));
    });
  });
  stream.on("error", () => undefined);
  Reflect.apply(Reflect.get(server, "injectSocket") as () => void, server, [stream]);
}

/** A connection to it. */
export async function connectSsh(tunnel: TunnelSocket): Promise<SshConnection> {
  return SshConnection.open(new TunnelDuplex(tunnel), {
    key: Buffer.from(key),
    checkHostKey: () => undefined,
  });
}
