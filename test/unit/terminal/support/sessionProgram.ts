import type { BackendAIClient } from "../../../../src/api/index.js";
import { silentLogger } from "../../../../src/base/logger.js";
import { shellQuote } from "../../../../src/base/text.js";
import { HostKeys } from "../../../../src/tunnel/hostKeys.js";
import { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";

/** Runs programs in a session beside its terminals, over an ssh connection of its own. Who makes it disposes it. */
export class SessionPrograms {
  readonly #ssh: SessionSsh;

  constructor(client: BackendAIClient, sessionId: string) {
    const store = { get: () => undefined, update: () => Promise.resolve() };
    const hostKeys = new HostKeys(store, silentLogger);
    this.#ssh = new SessionSsh({ client, sessionId, hostKeys, logger: silentLogger });
  }

  /** What a script of `sh` prints. In it, `$tmux` is the session's tmux. */
  async run(script: string): Promise<string> {
    const lease = await this.#ssh.acquire();
    try {
      const prelude = "tmux=$(command -v tmux) || tmux=/opt/kernel/tmux; ";
      const channel = await lease.connection.exec(`exec sh -c ${shellQuote(prelude + script)}`);
      channel.end();
      const pieces: Buffer[] = [];
      for await (const piece of channel) {
        pieces.push(Buffer.from(piece as Uint8Array));
      }
      return Buffer.concat(pieces).toString("utf8");
    } finally {
      lease.dispose();
    }
  }

  dispose(): void {
    this.#ssh.dispose();
  }
}
