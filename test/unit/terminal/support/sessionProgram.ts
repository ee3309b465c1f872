import type { BackendAIClient } from "../../../../src/api/index.js";
import { shellCommand } from "../../../../src/base/text.js";
import type { SessionSsh } from "../../../../src/tunnel/sessionSsh.js";
import { freshSsh } from "../../tunnel/support/freshSsh.js";

/** Runs programs in a session beside its terminals, over an ssh connection of its own. Who makes it disposes it. */
export class SessionPrograms {
  readonly #ssh: SessionSsh;

  constructor(client: BackendAIClient, sessionId: string) {
    this.#ssh = freshSsh(client, sessionId);
  }

  /** What a script of `sh` prints. In it, `$tmux` is the session's tmux. */
  async run(script: string): Promise<string> {
    const lease = await this.#ssh.acquire();
    try {
      const prelude = "tmux=$(command -v tmux) || tmux=/opt/kernel/tmux; ";
      const channel = await lease.connection.exec(shellCommand(prelude + script));
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
