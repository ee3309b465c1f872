import { delay } from "../../base/abort.js";
import {
  AgentFaultError,
  AgentTimeoutError,
  type CompleteOptions,
  type ConsoleItem,
  type ExecuteRequest,
  type ProcessHost,
  type RunResult,
  type SessionTerminal,
} from "../execution/index.js";
import type { Execution } from "../sessions/execution.js";
import { MuteTerminal } from "./muteTerminal.js";
import type { PlayedDefects } from "./playedDefects.js";

/** The words of real agents in the recordings. */
const exceptions = {
  execute: `AttributeError("'DockerKernel' object has no attribute '_tasks'")`,
  html: "JSONDecodeError('Expecting value: line 1 column 1 (char 0)')",
};

/** A session's execution with the defects of real servers around it. A run that blocks it is known by its id. */
export class DefectiveExecution implements Execution {
  readonly #inner: Execution;
  readonly #defects: PlayedDefects;
  /** The run that keeps the session from all others, until a query with its id comes. */
  #blockedBy: string | undefined;
  /** Runs whose end was not handed out. */
  readonly #alive = new Map<string, "query" | "batch">();

  constructor(inner: Execution, defects: PlayedDefects) {
    this.#inner = inner;
    this.#defects = defects;
  }

  get isBusy(): boolean {
    return this.#inner.isBusy;
  }

  async execute(request: ExecuteRequest, flushMs: number, signal?: AbortSignal): Promise<RunResult> {
    if (this.#defects.has("executeFails")) {
      throw new AgentFaultError(exceptions.execute);
    }
    await this.#passBlock(request, signal);
    const { runId } = request;
    if (runId !== null && this.#isStray(request)) {
      this.#blockedBy = runId;
    }
    if (runId !== null && runId === this.#blockedBy) {
      return this.#silence(runId, flushMs, signal);
    }
    return this.#step(request, flushMs, signal);
  }

  interrupt(): void {
    this.#inner.interrupt();
  }

  async complete(code: string, options: CompleteOptions): Promise<string[]> {
    if (this.#defects.has("completionFails")) {
      await delay(this.#defects.agentTimeoutMs / 3);
      throw new AgentTimeoutError(this.#defects.agentTimeoutMs / 3);
    }
    return this.#defects.has("completionEmpty") ? [] : this.#inner.complete(code, options);
  }

  openTerminal(): SessionTerminal {
    return this.#defects.has("terminalMute") ? new MuteTerminal() : this.#inner.openTerminal();
  }

  get processes(): ProcessHost {
    return this.#inner.processes;
  }

  containerLog(): string {
    return this.#inner.containerLog();
  }

  async restart(): Promise<void> {
    this.#blockedBy = undefined;
    this.#alive.clear();
    await this.#inner.restart();
  }

  async dispose(): Promise<void> {
    await this.#inner.dispose();
  }

  /**
   * A new run waits for the one that blocks, in vain, unless it has the same id: that takes its place.
   * @throws {AgentTimeoutError}
   */
  async #passBlock({ mode, runId }: ExecuteRequest, signal: AbortSignal | undefined): Promise<void> {
    if (this.#blockedBy === undefined || (mode !== "query" && mode !== "batch")) {
      return;
    }
    if (runId === this.#blockedBy && mode === "query") {
      this.#blockedBy = undefined;
      this.#inner.interrupt(); // what was left running would hold the new one up
      return;
    }
    await delay(this.#defects.agentTimeoutMs, signal);
    throw new AgentTimeoutError(this.#defects.agentTimeoutMs);
  }

  /** Whether a request is about a run that is none, or over. */
  #isStray({ mode, runId }: ExecuteRequest): boolean {
    return (
      this.#defects.has("runsBlock") &&
      (mode === "continue" || mode === "input") &&
      runId !== null &&
      !this.#alive.has(runId)
    );
  }

  async #silence(runId: string, flushMs: number, signal: AbortSignal | undefined): Promise<RunResult> {
    await delay(flushMs, signal);
    return { status: "continued", runId, exitCode: null, options: null, files: [], console: [] };
  }

  async #step(request: ExecuteRequest, flushMs: number, signal: AbortSignal | undefined): Promise<RunResult> {
    const { mode, runId } = request;
    const kind = mode === "query" || mode === "batch" ? mode : (this.#alive.get(runId ?? "") ?? "query");
    if (runId !== null) {
      this.#alive.set(runId, kind);
    }
    let result: RunResult;
    try {
      result = await this.#inner.execute(request, flushMs, signal);
    } catch (error) {
      if (signal?.aborted === true && this.#defects.has("runsBlock") && runId !== null) {
        this.#blockedBy = runId; // its reader is gone, and nobody will read its end
      }
      throw error;
    }
    return this.#spoiled(result, kind);
  }

  #spoiled(result: RunResult, kind: "query" | "batch"): RunResult {
    const { runId, status } = result;
    if (this.#defects.has("htmlBlocks") && result.console.some(isHtml)) {
      this.#blockedBy = runId;
      throw new AgentFaultError(exceptions.html);
    }
    const isOver = status === "finished" || status === "exec-timeout";
    if (isOver && kind === "batch" && this.#defects.has("batchLoses")) {
      this.#blockedBy = runId; // the end is lost, with the output that came with it
      return { ...result, status: "continued", exitCode: null, console: [] };
    }
    if (isOver) {
      this.#alive.delete(runId);
    }
    return result;
  }
}

function isHtml([kind, content]: ConsoleItem): boolean {
  return kind === "html" || (kind === "media" && content[0] === "text/html");
}
