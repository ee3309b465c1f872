import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { BackendAIClient } from "../../api/index.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { RunOutcome } from "../screen/runScreen.js";
import type { RunState } from "../fileRun.js";
import type { InputPrompts } from "./inputPrompt.js";
import { type RunDocument, type RunSubject, prepare } from "./runDocument.js";
import { checkTrust } from "./runPlace.js";
import type { ActiveRun, Runner, RunInfo, RunPlace } from "./runner.js";
import type { RunSessions } from "./runSession.js";
import { RunStatus } from "./runStatus.js";
import { offerForce, offerStop, offerWayOut } from "./runOffers.js";
import { RunTerminal } from "./runTerminal.js";

/** What the runs of a window work with. */
export interface FileRunsDeps {
  readonly account: Account;
  readonly sessions: RunSessions;
  readonly runner: Runner;
  readonly prompts: InputPrompts;
}

/** A run in a terminal of its file. */
interface RunningFile extends ActiveRun {
  readonly terminal: RunTerminal;
}

/** The runs of a window: one terminal per file, at most one run at a time in each. */
export class FileRuns implements Disposable {
  readonly #deps: FileRunsDeps;
  readonly #terminals = new Map<string, RunTerminal>();
  /** What is between the click and the start, so that a double click runs once. */
  readonly #preparing = new Set<string>();
  /** Runs that are not over, also those whose terminal was closed. */
  readonly #active = new Set<RunningFile>();
  readonly #owned = new DisposableStore();
  readonly #status: RunStatus;
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<void>());

  readonly #didLeave = this.#owned.add(new vscode.EventEmitter<void>());

  readonly #didClose = this.#owned.add(new vscode.EventEmitter<string>());

  /** Fired with a document's URI when the terminal of its runs was closed. */
  readonly onDidClose = this.#didClose.event;
  /** Fired when a run was left to go on by itself. */
  readonly onDidLeave = this.#didLeave.event;
  /** Fired when a run begins or ends. */
  readonly onDidChange = this.#didChange.event;

  constructor(deps: FileRunsDeps) {
    this.#deps = deps;
    this.#status = this.#owned.add(new RunStatus());
    // A run whose connection just closes goes on without anybody, and blocks its session on real servers.
    this.#owned.add(deps.account.connection.beforeClose(async (client) => this.#leaveAll(client)));
    this.#owned.add(vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)));
  }

  /** Runs a document. Where it is running already, it is shown instead and the person may stop it. */
  async run(document: vscode.TextDocument, signal: AbortSignal, options: RunOptions = {}): Promise<void> {
    const running = this.#runningIn(document.uri);
    if (running !== undefined) {
      running.terminal.show();
      await offerStop(running.run, running.terminal.name);
      return;
    }
    const ready = await this.#prepared(document, options, signal);
    if (ready !== undefined) {
      const terminal = this.#terminalFor(document.uri, ready.document.name, options);
      this.#show(terminal, (onState) =>
        this.#deps.runner.begin(ready.document, ready.place, terminal.pty, onState),
      );
    }
  }

  /** Starts a document as a job that goes on by itself. Resolves with it; `undefined` when the person gave up. */
  async runInBackground(document: vscode.TextDocument, signal: AbortSignal): Promise<RunInfo | undefined> {
    return this.#once(`background ${document.uri.toString()}`, async () => {
      const ready = await this.#prepared(document, {}, signal);
      return ready && this.#deps.runner.detach(ready.document, ready.place, signal);
    });
  }

  /** Runs under way, by their ids. */
  get activeIds(): ReadonlySet<string> {
    return new Set([...this.#active].map(({ info }) => info.id));
  }

  /** Whether this window follows a job. */
  isFollowed(jobId: string): boolean {
    return this.#following(jobId) !== undefined;
  }

  /** What ran last in a terminal, and in which session; `undefined` where it is no run's. */
  lastIn(
    terminal: vscode.Terminal,
  ): { readonly subject: RunSubject; readonly session: string | undefined } | undefined {
    const found = [...this.#terminals.values()].find((candidate) => candidate.terminal === terminal);
    return found?.subject && { subject: found.subject, session: found.session };
  }

  /** Shows the terminal of a run under way. */
  reveal(id: string): void {
    this.#find(id)?.terminal.show();
  }

  /** Stops a run under way. */
  stopRun(id: string): void {
    this.#find(id)?.run.stop();
  }

  /** Follows a job of a session in a terminal, from its first byte. */
  follow(info: RunInfo, jobId: string): void {
    const running = this.#following(jobId);
    if (running !== undefined) {
      running.terminal.show();
      return;
    }
    const { uri, name } = info.subject;
    const terminal = this.#runningIn(uri) ? this.#newTerminal(uri, name) : this.#terminalFor(uri, name, {});
    this.#show(terminal, () => this.#deps.runner.follow(info, jobId, terminal.pty));
  }

  /** Stops the run in the active terminal, else that of the active editor, else every run. */
  stop(): void {
    for (const { run } of this.#meant()) {
      run.stop();
    }
  }

  /** Lets go of the run in the active terminal, else that of the active editor, else of every run that can go on by itself. */
  leave(): void {
    for (const { run } of this.#meant().filter(({ run }) => run.jobId !== undefined)) {
      run.leave();
    }
  }

  dispose(): void {
    for (const { run } of this.#active) {
      run.leave();
    }
    for (const terminal of this.#terminals.values()) {
      terminal.dispose();
    }
    this.#terminals.clear();
    this.#owned.dispose();
  }

  async #prepared(
    document: vscode.TextDocument,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<{ readonly document: RunDocument; readonly place: RunPlace } | undefined> {
    return this.#once(document.uri.toString(), async () => {
      const { account, sessions } = this.#deps;
      checkTrust(account);
      const prepared = await prepare(document, signal, options);
      const client = await connectWithProgress(account, signal);
      const session = await sessions.sessionFor(prepared.plan.language, client, signal);
      return session && { document: prepared, place: { client, session } };
    });
  }

  /** Does what a click asks for, unless the one before still does it: `undefined` then. */
  async #once<T>(key: string, work: () => Promise<T | undefined>): Promise<T | undefined> {
    if (this.#preparing.has(key)) {
      return undefined;
    }
    this.#preparing.add(key);
    try {
      return await work();
    } finally {
      this.#preparing.delete(key);
    }
  }

  #show(terminal: RunTerminal, begin: (onState: (state: RunState) => void) => ActiveRun): void {
    let question = new AbortController();
    const active = begin((state) => {
      question.abort();
      question = new AbortController();
      this.#tell(state, { run: active.run, terminal }, question.signal);
    });
    terminal.subject = active.info.subject;
    terminal.session = active.info.session.name;
    const running: RunningFile = { ...active, terminal };
    terminal.show();
    this.#active.add(running);
    this.#count();
    void active.end.then((outcome) => {
      question.abort();
      this.#ended(running, outcome);
    });
  }

  /** Says beside the terminal what a person should not miss. */
  #tell(state: RunState, { run, terminal }: Pick<RunningFile, "run" | "terminal">, over: AbortSignal): void {
    if (state === "stubborn") {
      void offerForce(run, terminal.name);
    } else if ((state === "asking" || state === "askingSecret") && terminal.isActive) {
      terminal.show(); // its panel may be closed
    } else if (state === "asking" || state === "askingSecret") {
      const question = {
        program: terminal.name,
        prompt: run.lastLine,
        isPassword: state === "askingSecret",
        answer: (text: string) => run.answer(text),
        interrupt: () => run.stop(),
      };
      this.#deps.prompts.ask(question, over);
    }
  }

  #ended(running: RunningFile, outcome: RunOutcome): void {
    this.#active.delete(running);
    this.#count();
    if (outcome.kind === "left") {
      this.#didLeave.fire();
    }
    if (outcome.kind === "abandoned" && this.#deps.account.connection.state.phase === "connected") {
      void offerWayOut(running.terminal.name, running.info.session); // an answer may come much later, or never
    }
  }

  /** The run that follows a job, also while it has not heard of it yet. */
  #following(jobId: string): RunningFile | undefined {
    return [...this.#active].find(({ run, info }) => (run.jobId ?? info.job?.id) === jobId);
  }

  #find(id: string): RunningFile | undefined {
    return [...this.#active].find(({ info }) => info.id === id);
  }

  #runningIn(uri: vscode.Uri): RunningFile | undefined {
    const terminal = this.#terminals.get(uri.toString());
    return [...this.#active].find((running) => running.terminal === terminal && terminal.run === running.run);
  }

  #meant(): readonly RunningFile[] {
    const shown = [...this.#active].filter(({ terminal, run }) => terminal.run === run);
    const editor = vscode.window.activeTextEditor?.document.uri;
    const meant =
      shown.find(({ terminal }) => terminal.isActive) ?? (editor ? this.#runningIn(editor) : undefined);
    return meant ? [meant] : shown;
  }

  async #leaveAll(client: BackendAIClient): Promise<void> {
    const leaving = [...this.#active].filter(({ info }) => info.client === client);
    await Promise.all(
      leaving.map(async ({ run, end }) => {
        run.leave();
        await end;
      }),
    );
  }

  /** A tab that a person closes takes its program along; a window that closes leaves it to go on, where it can. */
  #closed(closed: vscode.Terminal): void {
    for (const [key, terminal] of this.#terminals) {
      if (terminal.terminal === closed) {
        this.#terminals.delete(key);
        this.#didClose.fire(key);
      }
    }
    for (const { run } of [...this.#active].filter(({ terminal }) => terminal.terminal === closed)) {
      if (closed.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) {
        run.leave();
      } else {
        run.abandon();
      }
    }
    this.#count();
  }

  #terminalFor(uri: vscode.Uri, name: string, options: RunOptions): RunTerminal {
    const existing = this.#terminals.get(uri.toString());
    if (existing !== undefined) {
      existing.again = options;
      return existing;
    }
    return this.#newTerminal(uri, name, options);
  }

  #newTerminal(uri: vscode.Uri, name: string, options: RunOptions = {}): RunTerminal {
    const terminal = new RunTerminal(name, options, (again) => {
      void vscode.commands.executeCommand("backendai.run.file", uri, again);
    });
    this.#terminals.set(uri.toString(), terminal);
    return terminal;
  }

  /** Shows how many programs run, with a way to stop them. */
  #count(): void {
    this.#didChange.fire();
    this.#status.show([...this.#active].map(({ terminal }) => terminal.name));
  }
}
