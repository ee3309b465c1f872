import { readdirSync, readFileSync } from "node:fs";
import type { SecretSearch } from "./secretSearch.js";

/** A process starts as a copy of another and becomes a program within moments: the first rounds look at it each time, later ones at times. */
const everyMs = 40;
const youngRounds = 3;
const oldRounds = 25;

/** A process that was looked at. */
export interface SeenProcess {
  readonly pid: number;
  /** Its variables, `NAME=value` each. */
  readonly variables: readonly string[];
}

/**
 * Looks at all processes of this computer again and again (Linux): at their arguments, and at the variables of those that belong to
 * a session of a local engine, none of which needs a secret of a server. What was seen is kept, so that it can be searched for
 * secrets that are known only later.
 */
export class ProcessSampler {
  readonly #onProcess: ((process: SeenProcess) => void) | undefined;
  #rounds = new Map<string, number>();
  readonly #lines = new Map<string, string>();
  readonly #texts = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param onProcess Hears of each process, and again when it has become another program. */
  constructor(onProcess?: (process: SeenProcess) => void) {
    this.#onProcess = onProcess;
  }

  /** How many processes were looked at. */
  get seen(): number {
    return this.#lines.size;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What had a secret, and where. */
  find(search: SecretSearch): readonly string[] {
    return [...this.#texts].flatMap((text) => {
      const shown = text.replaceAll("\0", " ").slice(0, 80); // the program; a secret stands behind it
      return search.find(Buffer.from(text, "latin1")).map((what) => `${shown}…: ${what}`);
    });
  }

  #look(): void {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    this.#rounds = new Map(pids.map((pid) => [pid, (this.#rounds.get(pid) ?? 0) + 1]));
    for (const [pid, round] of this.#rounds) {
      if (round <= youngRounds || round % oldRounds === 0) {
        this.#lookAt(pid);
      }
    }
  }

  #lookAt(pid: string): void {
    const line = read(`/proc/${pid}/cmdline`);
    if (line === this.#lines.get(pid)) {
      return;
    }
    this.#lines.set(pid, line);
    this.#texts.add(`arguments of ${line}`);
    const variables = read(`/proc/${pid}/environ`).split("\0");
    if (variables.some((variable) => variable.startsWith("BACKENDAI_SESSION="))) {
      // The variables that a person gave the session are its own.
      const others = variables.filter((variable) => !variable.startsWith("API_TOKEN="));
      this.#texts.add(`variables of ${[line, ...others].join("\0")}`);
    }
    this.#onProcess?.({ pid: Number(pid), variables });
  }
}

/** Nothing of a process that is gone, or of another user. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
