import { randomBytes } from "node:crypto";
import { delay } from "../../base/abort.js";
import { messageOf } from "../../base/errors.js";
import { questionMark } from "../../wire/questionMark.js";
import { ContainerLog } from "./containerLog.js";
import type { CompleteOptions, ExecuteRequest, RunResult, SessionExecutionOptions } from "./contract.js";
import { RuntimeMissingError, SessionEndedError } from "./errors.js";
import { ProcessHost } from "./process/processHost.js";
import { persistentRunner } from "./queries.js";
import { Run } from "./run/run.js";
import { RunQueue } from "./run/runQueue.js";
import type { PersistentRunner } from "./runner/persistentRunner.js";
import { runBatch } from "./steps/batch.js";
import { languages } from "./steps/languages.js";
import { runOneShot } from "./steps/oneShot.js";
import { type SessionTerminal, ShellTerminal } from "./terminal/sessionTerminal.js";

const defaultLogLimitBytes = 1024 * 1024;
const defaultQueueTimeoutMs = 30_000;
/** Ends of runs that no client has fetched are kept for this many runs. */
const keptRunsLimit = 32;

/**
 * How one session executes: its runs one at a time, its terminal, its log, and the processes of all of them. Whoever makes
 * it disposes it. A client that goes away harms nothing: the run goes on and can be fetched with `continue`.
 */
export class SessionExecution {
  readonly #options: SessionExecutionOptions;
  readonly #host: ProcessHost;
  readonly #queue = new RunQueue();
  readonly #log: ContainerLog;
  readonly #runs: Run[] = [];
  #runner: PersistentRunner | undefined;
  #terminal: ShellTerminal | undefined;
  #active: Run | undefined;
  #queryCount = 0;
  /** While processes are being ended no run starts: it would be ended too. */
  #ending: Promise<void> = Promise.resolve();
  #disposal: Promise<void> | undefined;

  constructor(options: SessionExecutionOptions) {
    this.#options = options;
    this.#host = new ProcessHost(options);
    this.#log = new ContainerLog(options.logLimitBytes ?? defaultLogLimitBytes);
    this.#runner = persistentRunner(this.#host, options.runtime);
  }

  /** How often the session was asked to execute something; servers count every step. */
  get queryCount(): number {
    return this.#queryCount;
  }

  get isBusy(): boolean {
    return this.#active !== undefined;
  }

  /** Starts further processes of the session; they end with it. */
  get processes(): ProcessHost {
    return this.#host;
  }

  /**
   * One HTTP step: returns at a notice, when much output is held, or after `flushMs` with `continued`.
   *
   * @throws AgentTimeoutError when the run before this one does not end in time; SessionEndedError; the signal's reason,
   *   which leaves the run going.
   */
  async execute(request: ExecuteRequest, flushMs: number, signal?: AbortSignal): Promise<RunResult> {
    this.#checkAlive();
    this.#queryCount += 1;
    if (request.mode === "query" || request.mode === "batch") {
      const run = await this.#start(request, signal);
      return this.#step(run, flushMs, signal);
    }
    const runId = request.runId ?? "";
    const run = this.#runs.find((candidate) => candidate.id === runId);
    if (run === undefined) {
      await delay(flushMs, signal);
      return { status: "continued", runId, exitCode: null, options: null, files: [], console: [] };
    }
    if (request.mode === "input") {
      run.answer(request.code.replace(/\r?\n$/, ""));
    }
    return this.#step(run, flushMs, signal);
  }

  /** Interrupts what is running, as Ctrl-C would; the third time for one run by force. Idle: nothing happens. */
  interrupt(): void {
    this.#active?.interrupt();
  }

  /** Full words for the place before the cursor; none for languages without a runner, and while a run is going on. */
  async complete(code: string, options: CompleteOptions): Promise<string[]> {
    this.#checkAlive();
    if (this.#runner === undefined || this.isBusy) {
      return [];
    }
    try {
      return await this.#runner.complete(code, options);
    } catch {
      return []; // no interpreter: a run says so, a keystroke need not
    }
  }

  /**
   * The session's terminal; its shell starts with the first use.
   *
   * @throws TerminalUnavailableError, SessionEndedError
   */
  openTerminal(): SessionTerminal {
    this.#checkAlive();
    if (this.#terminal === undefined || this.#terminal.hasExited) {
      this.#terminal = new ShellTerminal(this.#host);
    }
    return this.#terminal;
  }

  /** The newest output of the session's runs, within its bound. */
  containerLog(): string {
    return this.#log.text();
  }

  /** Ends every process; files stay, and the next run starts afresh. */
  restart(): Promise<void> {
    this.#checkAlive();
    this.#runner = persistentRunner(this.#host, this.#options.runtime);
    return this.#endProcesses(() => this.#host.endAll());
  }

  /** Ends every process of the session, within 3 s. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#endProcesses(() => {
      this.#queue.close();
      return this.#host.dispose();
    });
    return this.#disposal;
  }

  #endProcesses(end: () => Promise<void>): Promise<void> {
    this.#active?.abort();
    this.#terminal?.dispose();
    this.#terminal = undefined;
    this.#ending = end();
    return this.#ending;
  }

  #checkAlive(): void {
    if (this.#disposal !== undefined) {
      throw new SessionEndedError();
    }
  }

  async #start(request: ExecuteRequest, signal: AbortSignal | undefined): Promise<Run> {
    const id = request.runId ?? randomBytes(16).toString("hex");
    if (this.#active?.id === id && this.#active.isWaitingForInput) {
      // The client's way to free a session from a question that nobody answers (`real-servers`: same id, anew).
      this.#active.interrupt();
    }
    await this.#queue.enter(this.#options.queueTimeoutMs ?? defaultQueueTimeoutMs, signal);
    await this.#ending;
    this.#checkAlive();
    const isHidden = request.mode === "query" && request.code.startsWith(questionMark);
    const run = new Run(id, request.exceptionExitCode ?? 1, isHidden ? new ContainerLog(0) : this.#log);
    this.#keep(run);
    this.#active = run;
    void this.#perform(run, request);
    return run;
  }

  /** A run replaces an ended one of the same id; the oldest ends that nobody fetched are forgotten. */
  #keep(run: Run): void {
    const kept = this.#runs.filter((other) => other.id !== run.id).slice(-keptRunsLimit);
    this.#runs.splice(0, this.#runs.length, ...kept, run);
  }

  async #step(run: Run, flushMs: number, signal: AbortSignal | undefined): Promise<RunResult> {
    const result = await run.next(flushMs, signal);
    if (run.isFetched) {
      const at = this.#runs.indexOf(run);
      this.#runs.splice(at < 0 ? this.#runs.length : at, 1);
    }
    return result;
  }

  async #perform(run: Run, request: ExecuteRequest): Promise<void> {
    const limitMs = this.#options.execTimeoutMs ?? 0;
    const timer = limitMs > 0 ? setTimeout(() => this.#timeOut(run), limitMs) : undefined;
    try {
      run.finish(await this.#executeRun(run, request));
    } catch (error) {
      run.text("stderr", `${messageOf(error)}\n`);
      run.finish(error instanceof RuntimeMissingError ? 127 : 1);
    } finally {
      clearTimeout(timer);
      this.#active = undefined;
      this.#queue.leave();
    }
  }

  async #executeRun(run: Run, request: ExecuteRequest): Promise<number> {
    const { runtime } = this.#options;
    if (request.mode === "batch") {
      return runBatch(this.#host, run, runtime, request.options ?? {});
    }
    if (this.#runner !== undefined) {
      return this.#runner.run(run, request.code);
    }
    const { query } = languages[runtime];
    return query === undefined ? 0 : runOneShot(this.#host, run, runtime, query, request.code);
  }

  /** The session of a run that took too long is to be ended by its owner; its processes end here already. */
  #timeOut(run: Run): void {
    run.timeOut();
    void this.#endProcesses(() => this.#host.endAll());
  }
}
