import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import { WebSocket } from "ws";
import { type Disposable, toDisposable } from "../../../src/base/lifecycle.js";
import type { SessionSsh, SshLease } from "../../../src/tunnel/sessionSsh.js";

/** Tells of each text message of every websocket, before anybody else hears of it. */
export function onSocketText(heard: (text: string) => void): Disposable {
  return around(WebSocket.prototype, "emit", (parts, go) => {
    const [name, data, isBinary] = parts;
    if (name === "message" && isBinary === false) {
      heard(String(data));
    }
    return go();
  });
}

/** The same connection, that tells of all output of its programs, before anybody else hears of it. */
export function withHeardOutput(ssh: SessionSsh, heard: (bytes: Buffer) => void): SessionSsh {
  const acquire: SessionSsh["acquire"] = async (signal) => {
    const lease = await ssh.acquire(signal);
    const exec: SshLease["connection"]["exec"] = async (command) => {
      const channel = await lease.connection.exec(command);
      around(channel, "emit", ([name, data], go) => {
        if (name === "data") {
          heard(data as Buffer);
        }
        return go();
      });
      return channel;
    };
    return { dispose: () => lease.dispose(), connection: { exec } as unknown as SshLease["connection"] };
  };
  return { acquire } as unknown as SessionSsh;
}

/** Tells when the websocket below ssh was given the packet that starts a program whose command ends so. */
export function onSshCommand(end: string, handed: () => void): Disposable {
  // ssh2's own words on the wire, which its types leave out.
  const protocol = createRequire(import.meta.url)("ssh2/lib/protocol/Protocol.js") as { prototype: object };
  let isOnItsWay = false;
  const commands = around(protocol.prototype, "exec", ([, command], go) => {
    isOnItsWay ||= String(command).endsWith(end);
    return go();
  });
  const messages = around(WebSocket.prototype, "send", (_, go) => {
    const sent = go();
    if (isOnItsWay) {
      isOnItsWay = false;
      handed();
    }
    return sent;
  });
  return toDisposable(() => {
    commands.dispose();
    messages.dispose();
  });
}

/** Tells when a request whose path ends in `tail` was written to its connection. */
export function onRequest(tail: string, handed: () => void): Disposable {
  const hear = (message: unknown): void => {
    if ((message as { request: { path: string } }).request.path.endsWith(tail)) {
      handed();
    }
  };
  subscribe("undici:client:sendHeaders", hear);
  return toDisposable(() => void unsubscribe("undici:client:sendHeaders", hear));
}

/** Puts something around a method until it is disposed. */
function around(
  target: object,
  name: string,
  work: (parts: readonly unknown[], go: () => unknown) => unknown,
): Disposable {
  const original = Reflect.get(target, name) as (...parts: unknown[]) => unknown;
  Reflect.set(target, name, function (this: unknown, ...parts: unknown[]) {
    return work(parts, () => Reflect.apply(original, this, parts));
  });
  return toDisposable(() => Reflect.set(target, name, original));
}
