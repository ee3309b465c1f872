import type { Socket } from "node:net";
import type { Disposable } from "../../../base/lifecycle.js";
import type { SigningKey } from "./signingKey.js";
import { sshString } from "./sshWire.js";
import { SocketServer } from "../socketServer.js";

/** Programs that log in at once. */
const connectionLimit = 64;

/** The longest request that OpenSSH's own agent takes. */
const messageLimitBytes = 256 * 1024;

/** How long a program may keep a connection without a word, in milliseconds. */
const idleMs = 120_000;

/** Numbers of messages (draft-miller-ssh-agent §5.1). */
const requestIdentities = 11;
const identitiesAnswer = 12;
const signRequest = 13;
const signResponse = 14;
const failure = Buffer.from([5]);

/**
 * An ssh agent with one key, which never leaves this process. It takes no other key, and refuses what else an agent can be
 * asked: OpenSSH asks to bind a host key first and copes with a refusal. (ssh2's `AgentProtocol` loses its place in the
 * stream at such a request.)
 */
export class KeyAgent implements Disposable {
  /** The key that it signs with from the next request on. */
  key: SigningKey;
  #server: SocketServer | undefined;

  private constructor(key: SigningKey) {
    this.key = key;
  }

  /** @throws {ConfigurationError} when there can be no socket at `path`. */
  static async listen(path: string, key: SigningKey): Promise<KeyAgent> {
    const agent = new KeyAgent(key);
    const serve = (socket: Socket): void => agent.#serve(socket);
    agent.#server = await SocketServer.listen(path, { connectionLimit, serve });
    return agent;
  }

  dispose(): void {
    this.#server?.dispose();
  }

  #serve(socket: Socket): void {
    let pending = Buffer.alloc(0);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on("end", () => socket.end());
    socket.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        if (length === 0 || length > messageLimitBytes) {
          socket.destroy();
          return;
        }
        if (pending.length < 4 + length) {
          return;
        }
        socket.write(sshString(this.#answer(pending.subarray(4, 4 + length))));
        pending = pending.subarray(4 + length);
      }
    });
  }

  #answer(message: Buffer): Buffer {
    switch (message[0]) {
      case requestIdentities: {
        const count = Buffer.from([identitiesAnswer, 0, 0, 0, 1]);
        return Buffer.concat([count, sshString(this.key.publicBlob), sshString("Backend.AI session")]); // for programs
      }
      case signRequest:
        return this.#sign(message) ?? failure;
      default:
        return failure;
    }
  }

  #sign(message: Buffer): Buffer | undefined {
    const blob = stringAt(message, 1);
    if (blob === undefined || !this.key.publicBlob.equals(blob)) {
      return undefined;
    }
    const data = stringAt(message, 5 + blob.length);
    const flagsAt = 9 + blob.length + (data?.length ?? 0);
    if (data === undefined || message.length < flagsAt + 4) {
      return undefined;
    }
    const signature = this.key.sign(data, message.readUInt32BE(flagsAt));
    return Buffer.concat([Buffer.from([signResponse]), sshString(signature)]);
  }
}

/** The string at `offset`; `undefined` when it is not whole. */
function stringAt(message: Buffer, offset: number): Buffer | undefined {
  const start = offset + 4;
  const end = message.length >= start ? start + message.readUInt32BE(offset) : Infinity;
  return end <= message.length ? message.subarray(start, end) : undefined;
}
