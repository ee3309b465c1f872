import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

/**
 * A small shell process that outlives the engine for a moment: when its input ends without a good-bye, because the engine
 * was killed, it kills the session's processes (`media/runners/guardian.sh`).
 */
export class Guardian {
  readonly #process: ChildProcess;

  constructor(runnersDir: string, marker: string) {
    const script = path.join(runnersDir, "guardian.sh");
    this.#process = spawn("/bin/sh", [script, marker], {
      detached: true,
      cwd: "/",
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["pipe", "ignore", "ignore"],
    });
    // A guardian that can't start or dies leaves the session as it would be without one.
    this.#process.on("error", () => undefined);
    this.#process.stdin?.on("error", () => undefined);
    this.#process.unref();
  }

  added(group: number): void {
    this.#tell(`+ ${String(group)}`);
  }

  removed(group: number): void {
    this.#tell(`- ${String(group)}`);
  }

  /** Says good-bye: it goes without killing anything. */
  dispose(): void {
    this.#process.stdin?.end(".\n");
  }

  #tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }
}
