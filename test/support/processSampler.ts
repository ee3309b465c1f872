import { readdirSync, readFileSync } from "node:fs";

const everyMs = 40;

/**
 * Looks at all processes of this computer again and again (Linux): at their arguments, and at the variables of those that belong to
 * a session of a local engine, none of which needs a secret of a server.
 */
export class ProcessSampler {
  readonly #needles: readonly string[];
  readonly #found = new Set<string>();
  readonly #seen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(needles: readonly string[]) {
    this.#needles = needles;
  }

  /** What had one of the texts, and where. */
  get found(): readonly string[] {
    return [...this.#found];
  }

  /** How many processes were looked at. */
  get seen(): number {
    return this.#seen.size;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const line = read(`/proc/${pid}/cmdline`);
      this.#seen.add(pid);
      this.#note(line, "arguments", line);
      const variables = read(`/proc/${pid}/environ`);
      if (variables.includes("BACKENDAI_SESSION=")) {
        // The variables that a person gave the session are its own.
        this.#note(variables.replaceAll(/API_TOKEN=[^\0]*/g, ""), "variables of", line);
      }
    }
  }

  #note(text: string, what: string, line: string): void {
    for (const needle of this.#needles.filter((candidate) => text.includes(candidate))) {
      this.#found.add(`${needle.slice(0, 12)}… in ${what} ${line.replaceAll("\0", " ").slice(0, 300)}`);
    }
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
