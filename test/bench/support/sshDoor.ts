import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { BackendAIClient } from "../../../src/api/index.js";
import { silentLogger } from "../../../src/base/logger.js";
import { LoopbackListener } from "../../../src/tunnel/loopbackListener.js";
import { fetchSessionKey } from "../../../src/tunnel/sessionKey.js";
import { TunnelDuplex } from "../../../src/tunnel/tunnelDuplex.js";

/** Where OpenSSH's programs reach a session through its tunnel, and with what. Who opens it ends it. */
export class SshDoor {
  readonly target = "work@127.0.0.1";
  /** For files of those who use it; gone with it. */
  readonly folder: string;
  readonly #listener: LoopbackListener;

  private constructor(folder: string, listener: LoopbackListener) {
    this.folder = folder;
    this.#listener = listener;
  }

  static async open(client: BackendAIClient, sessionId: string): Promise<SshDoor> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "backendai-ssh-"));
    const key = await fetchSessionKey(client, sessionId, undefined);
    await writeFile(path.join(folder, "key"), key, { mode: 0o600 });
    const listener = await LoopbackListener.listen({
      open: async (signal) => new TunnelDuplex(await client.apps.openTunnel(sessionId, "sshd", { signal })),
      logger: silentLogger,
    });
    return new SshDoor(folder, listener);
  }

  get port(): string {
    return String(this.#listener.port);
  }

  /** Words of a command line, without the port, which programs call differently. */
  options(more: Readonly<Record<string, string>> = {}): string[] {
    const settings = {
      BatchMode: "yes",
      IdentitiesOnly: "yes",
      IdentityFile: path.join(this.folder, "key"),
      LogLevel: "ERROR",
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
      ...more,
    };
    return ["-F", "none", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  }

  async end(): Promise<void> {
    this.#listener.dispose();
    await rm(this.folder, { recursive: true });
  }
}
