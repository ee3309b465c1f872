import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type BatchOptions,
  type ConsoleItem,
  type RunResult,
  SessionExecution,
  type SessionExecutionOptions,
} from "../../../../src/engine/execution/index.js";

export const runnersDir = fileURLToPath(new URL("../../../../media/runners", import.meta.url));
const flushMs = 2000;

/** A session in folders of its own; `end` disposes it and removes them. */
export class TestSession {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), "bai-")));
  readonly #stateDir = mkdtempSync(path.join(tmpdir(), "bai-state-"));
  readonly execution: SessionExecution;

  constructor(options: Partial<SessionExecutionOptions> = {}) {
    this.execution = new SessionExecution({
      workDir: this.folder,
      stateDir: this.#stateDir,
      runtime: "python",
      environment: {},
      runnersDir,
      ...options,
    });
  }

  /** Puts a file into the session's home. */
  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  /** First step of a query. */
  query(code: string, runId: string | null = null): Promise<RunResult> {
    return this.execution.execute({ mode: "query", code, runId }, flushMs);
  }

  batch(options: BatchOptions, runId: string | null = null): Promise<RunResult> {
    return this.execution.execute({ mode: "batch", code: "", runId, options }, flushMs);
  }

  continue(runId: string, stepMs = flushMs): Promise<RunResult> {
    return this.execution.execute({ mode: "continue", code: "", runId }, stepMs);
  }

  input(runId: string, code: string): Promise<RunResult> {
    return this.execution.execute({ mode: "input", code, runId }, flushMs);
  }

  /** Every step of a run up to its end. */
  async steps(first: Promise<RunResult>): Promise<RunResult[]> {
    const results = [await first];
    for (let last = results[0]; last !== undefined && last.status !== "finished"; last = results.at(-1)) {
      results.push(await this.continue(last.runId));
    }
    return results;
  }

  /** Runs a query to its end. */
  async run(code: string): Promise<{ exitCode: number | null; console: ConsoleItem[] }> {
    return ended(await this.steps(this.query(code)));
  }

  /** Runs a batch to its end. */
  async runBatch(options: BatchOptions): Promise<{ exitCode: number | null; console: ConsoleItem[] }> {
    return ended(await this.steps(this.batch(options)));
  }

  /** Starts a query that prints "go", and waits for that. */
  async begin(code: string, runId: string): Promise<void> {
    await this.until("go", await this.execution.execute({ mode: "query", code, runId }, 20));
  }

  /** Continues a run until its output contains `wanted`. */
  async until(wanted: string, first: RunResult): Promise<void> {
    let seen = textOf(first.console);
    const end = Date.now() + 5000;
    while (!seen.includes(wanted)) {
      if (Date.now() > end) {
        throw new Error(`no ${JSON.stringify(wanted)} in ${JSON.stringify(seen)}`);
      }
      seen += textOf((await this.continue(first.runId, 20)).console);
    }
  }

  async end(): Promise<void> {
    await this.execution.dispose();
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}

/** Text of one stream, or of both. */
export function textOf(console: readonly ConsoleItem[], stream?: "stdout" | "stderr"): string {
  return console
    .map((item) => (item[0] !== "media" && (stream === undefined || item[0] === stream) ? item[1] : ""))
    .join("");
}

/** Whether a process lives and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** Waits until `condition` holds, for 5 s at most. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`never happened: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function ended(steps: readonly RunResult[]): { exitCode: number | null; console: ConsoleItem[] } {
  return { exitCode: steps.at(-1)?.exitCode ?? null, console: steps.flatMap((step) => step.console) };
}

/** An ended process whose parent has not asked for its end yet. */
function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, ""));
  } catch {
    return false;
  }
}
