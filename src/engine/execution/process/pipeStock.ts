import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { SessionEndedError } from "../errors.js";

const run = promisify(execFile);

const mkfifoTimeoutMs = 10_000;
/** How many are made at a time, and how few may be left before there are more. A process takes two or three. */
const [batch, fewest] = [24, 6];

/**
 * Named pipes for the processes of one session, made ahead of their need: Node has no call for it, and starting `mkfifo` for each
 * process would be most of what a run costs beside its program. Whoever takes one opens it and removes its name; whoever makes a stock
 * ends it.
 */
export class PipeStock {
  readonly #folder: string;
  readonly #names: string[] = [];
  #making: Promise<void> | undefined;
  #isEnded = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The names of so many pipes, which are the caller's from here on.
   * @throws {SessionEndedError} after the end; what `mkfifo` says where it fails.
   */
  async take(count: number): Promise<string[]> {
    while (this.#names.length < count) {
      await this.#more();
    }
    // Whoever keeps folders for temporary files tidy may have removed some that are old.
    const taken = this.#names.splice(0, count).filter((name) => existsSync(name));
    if (this.#names.length < fewest) {
      this.#more().catch(() => undefined); // who needs one will hear of it
    }
    return taken.length < count ? [...taken, ...(await this.take(count - taken.length))] : taken;
  }

  /** Removes those that nobody has taken. None is made any more when this resolves. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#making?.catch(() => undefined);
    this.#names.splice(0).forEach((name) => rmSync(name, { force: true }));
  }

  async #more(): Promise<void> {
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    return this.#making;
  }

  async #make(): Promise<void> {
    if (this.#isEnded) {
      throw new SessionEndedError();
    }
    const stem = path.join(this.#folder, `pipe-${randomBytes(6).toString("hex")}`);
    const names = Array.from({ length: batch }, (_, index) => `${stem}.${index}`);
    await run("mkfifo", ["-m", "600", ...names], { timeout: mkfifoTimeoutMs });
    this.#names.push(...names);
  }
}
