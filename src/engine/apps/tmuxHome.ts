import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Logger } from "../../base/logger.js";
import { claim, sweptPrefix } from "../abandoned.js";
import { clearTree } from "../removeTree.js";

const run = promisify(execFile);
const killTimeoutMs = 1000;
/** The path of a unix socket has room for about 104 bytes; what tmux puts below this directory has about 20. */
const longestBase = 56;

/**
 * A directory for the socket of the session's own tmux. It is not in the session's state: that path may be longer than the
 * path of a socket can be.
 */
export class TmuxHome {
  readonly #directory: string;
  readonly #logger: Logger;

  private constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  /** Makes the directory; only this user can enter it. It is swept like the engine's own when nobody could remove it. */
  static async make(logger: Logger): Promise<TmuxHome> {
    const base = tmpdir().length > longestBase ? "/tmp" : tmpdir();
    const directory = await mkdtemp(path.join(base, `${sweptPrefix}t`));
    await claim(directory);
    return new TmuxHome(directory, logger);
  }

  /** For every process of the session. */
  get variables(): Record<string, string> {
    return { TMUX_TMPDIR: this.#directory };
  }

  /** Ends the tmux server with all that runs in it. It is a daemon: outside Linux nothing else would find it. */
  async endServer(environment: () => Readonly<Record<string, string>>): Promise<void> {
    const socket = path.join(this.#directory, `tmux-${String(userInfo().uid)}`, "default");
    if (existsSync(socket)) {
      const options = { env: environment(), timeout: killTimeoutMs, cwd: "/" };
      await run("tmux", ["kill-server"], options).catch(() => undefined); // it may have ended by itself
    }
  }

  /** Removes the directory. Never rejects. */
  async remove(): Promise<void> {
    await clearTree(this.#directory, this.#logger);
  }
}
