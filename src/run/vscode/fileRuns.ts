import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { RunOptions } from "../plan/runPlan.js";
import type { RunOutcome } from "../screen/runScreen.js";
import { type RunDocument, prepare } from "./runDocument.js";
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
}

/** A run in a terminal of its file. */
interface RunningFile extends ActiveRun {
  readonly terminal: RunTerminal;
  readonly session: SessionSummary;
}

/** The runs of a window: one terminal per file, at most one run at a time in each. */
export class FileRuns implements Disposable {
  readonly #deps: FileRunsDeps;
  readonly #terminals = new Map<string, RunTerminal>();
  /** Files between the click and the start, so that a double click runs once. */
  readonly #preparing = new Set<string>();
  /** Runs that are not over, also those whose terminal was closed. */
  readonly #active = new Set<RunningFile>();
  readonly #owned = new DisposableStore();
  readonly #status: RunStatus;

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
      this.#show(terminal, ready.place.session, (onState) =>
        this.#deps.runner.begin(ready.document, ready.place, terminal.pty, onState),
      );
    }
  }

  /** Starts a document as a job that goes on by itself. Resolves with it; `undefined` when the person gave up. */
  async runInBackground(
    document: vscode.TextDocument,
    signal: AbortSignal,
  ): Promise<(RunPlace & { readonly document: RunDocument; readonly jobId: string }) | undefined> {
    const ready = await this.#prepared(document, {}, signal);
    if (ready === undefined) {
      return undefined;
    }
    const jobId = await this.#deps.runner.detach(ready.document, ready.place, signal);
    return { ...ready.place, document: ready.document, jobId };
  }

  /** Follows a job of a session in a terminal, from its first byte. */
  follow(info: RunInfo, jobId: string): void {
    const running = [...this.#active].find(({ run }) => run.jobId === jobId);
    if (running !== undefined) {
      running.terminal.show();
      return;
    }
    const { uri, name } = info.document;
    const terminal = this.#runningIn(uri) ? this.#newTerminal(uri, name) : this.#terminalFor(uri, name, {});
    this.#show(terminal, info.session, () => this.#deps.runner.follow(info, jobId, terminal.pty));
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
    const key = document.uri.toString();
    if (this.#preparing.has(key)) {
      return undefined;
    }
    this.#preparing.add(key);
    try {
      const { account, sessions } = this.#deps;
      checkTrust(account);
      const prepared = await prepare(document, options);
      const client = await connectWithProgress(account, signal);
      const session = await sessions.sessionFor(prepared.plan.language, client, signal);
      return session && { document: prepared, place: { client, session } };
    } finally {
      this.#preparing.delete(key);
    }
  }

  #show(
    terminal: RunTerminal,
    session: SessionSummary,
    begin: (onState: (state: string) => void) => ActiveRun,
  ): void {
    const active = begin((state) => {
      if (state === "stubborn") {
        void offerForce(active.run, terminal.name);
      }
    });
    const running: RunningFile = { ...active, terminal, session };
    terminal.show();
    this.#active.add(running);
    this.#count();
    void active.end.then((outcome) => this.#ended(running, outcome));
  }

  #ended(running: RunningFile, outcome: RunOutcome): void {
    this.#active.delete(running);
    this.#count();
    if (outcome.kind === "abandoned" && this.#deps.account.connection.state.phase === "connected") {
      void offerWayOut(running.terminal.name, running.session); // an answer may come much later, or never
    }
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
    const leaving = [...this.#active].filter((active) => active.client === client);
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
    this.#status.show([...this.#active].map(({ terminal }) => terminal.name));
  }
}
