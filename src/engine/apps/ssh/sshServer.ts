import type { Duplex } from "node:stream";
import ssh2, { type AuthContext, type Connection, type ParsedKey } from "ssh2";
import { messageOf } from "../../../base/errors.js";
import { forwardPorts } from "./forwarding.js";
import { makePrivateKey, type SessionKeys } from "./sessionKeys.js";
import { SshSession, type SshSessionParts } from "./sshSession.js";

/** The user that containers have. */
const user = "work";
/** Clients take what calls itself so for OpenSSH's sftp server, as they take those of containers: it counts for SYMLINK. */
const ident = "dropbear_backendai-engine";
/** `session` channels of one connection; more are refused. */
const channelsLimit = 128;
/** As good as never: the connection is inside this process, and traffic would keep an idle session alive. */
const keepaliveMs = 2 ** 31 - 1;

/** What an sshd is made of. */
export interface SshServerParts extends Omit<SshSessionParts, "connection"> {
  readonly keys: SessionKeys;
}

/** The sshd of one session: it knows one user and one key, has a host key of its own, and listens nowhere. */
export class SshServer {
  readonly #parts: SshServerParts;
  readonly #hostKey = makePrivateKey();
  readonly #key: ParsedKey;

  /** @throws Error when ssh2 can't read the key. */
  constructor(parts: SshServerParts) {
    this.#parts = parts;
    const key = ssh2.utils.parseKey(parts.keys.privateKey);
    if (key instanceof Error) {
      throw key;
    }
    this.#key = key;
  }

  /** Talks to a client until either ends the connection. */
  serve(connection: Duplex): void {
    const server = new ssh2.Server({
      hostKeys: [this.#hostKey],
      ident,
      keepaliveInterval: keepaliveMs,
      // What node:crypto does in one go, quickest first.
      algorithms: {
        cipher: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr"],
      },
    });
    server.on("connection", (client) => this.#welcome(client, connection));
    // Its types want the socket of a network; any stream does.
    const inject: unknown = Reflect.get(server, "injectSocket");
    if (typeof inject === "function") {
      Reflect.apply(inject, server, [connection]);
    }
  }

  #welcome(client: Connection, connection: Duplex): void {
    const channels = new Set<SshSession>();
    client.on("error", (error) => this.#parts.logger.debug(`an ssh connection failed: ${messageOf(error)}`));
    client.on("authentication", (attempt) => {
      if (this.#isAllowed(attempt)) {
        attempt.accept();
      } else {
        attempt.reject(["publickey"]);
      }
    });
    client.on("session", (accept, reject) => {
      if (channels.size >= channelsLimit) {
        reject();
        return;
      }
      const channel = accept();
      const session = new SshSession(channel, { ...this.#parts, connection });
      channels.add(session);
      channel.on("close", () => channels.delete(session));
    });
    forwardPorts(client, connection);
    connection.once("close", () => channels.forEach((session) => session.dispose()));
  }

  /** Without a signature the client only asks whether the key would do. */
  #isAllowed(attempt: AuthContext): boolean {
    if (attempt.username !== user || attempt.method !== "publickey") {
      return false;
    }
    if (!attempt.key.data.equals(this.#key.getPublicSSH())) {
      return false;
    }
    const { signature, blob, hashAlgo } = attempt;
    if (signature === undefined || blob === undefined) {
      return signature === undefined;
    }
    const isGenuine: unknown = this.#key.verify(blob, signature, hashAlgo); // or an error, in spite of its types
    return isGenuine === true;
  }
}
