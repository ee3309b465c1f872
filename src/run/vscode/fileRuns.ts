import * as vscode from "vscode";
import type { Account } from "../../account/account.js";
import { isOnThisComputer, targetLabel } from "../../account/target.js";
import { connectWithProgress } from "../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";
import { UntrustedWorkspaceError } from "../../base/errors.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { contextKeys } from "../../platform/commandIds.js";
import { describeError } from "../../platform/describeError.js";
import { FileRun } from "../fileRun.js";
import type { ResultStore } from "../results/resultStore.js";
import { endingText } from "../screen/runScreen.js";
import { type RunDocument, prepare } from "./runDocument.js";
import type { RunSessions } from "./runSession.js";
import { RunTerminal } from "./runTerminal.js";

/** What the runs of a window work with. */
interface FileRunsDeps {
  readonly account: Account;
  readonly sessions: RunSessions;
  readonly results: ResultStore;
  readonly logger: Logger;
}

/** The runs of a window: one terminal per file, at most one run at a time in each. */
export class FileRuns implements Disposable {
  readonly #account: Account;
  readonly #sessions: RunSessions;
  readonly #results: ResultStore;
  readonly #logger: Logger;
  readonly #terminals = new Map<string, RunTerminal>();
  /** Files between the click and the start, so that a double click runs once. */
  readonly #preparing = new Set<string>();
  /** Runs that are not over, also those whose terminal was closed. */
  readonly #active = new Map<FileRun, { readonly client: BackendAIClient; readonly end: Promise<unknown> }>();
  readonly #owned = new DisposableStore();
  readonly #status: vscode.StatusBarItem;

  constructor({ account, sessions, results, logger }: FileRunsDeps) {
    this.#account = account;
    this.#sessions = sessions;
    this.#results = results;
    this.#logger = logger;
    this.#status = this.#owned.add(
      vscode.window.createStatusBarItem("backendai.run", vscode.StatusBarAlignment.Left, 49),
    );
    this.#status.name = "Backend.AI run";
    this.#status.command = "backendai.run.stop";
    // A run whose connection just closes goes on without anybody, and blocks its session on real servers.
    this.#owned.add(account.connection.beforeClose((client) => this.#abandonAll(client)));
  }

  /** Runs a document. Where it is running already, it is shown instead and the person may stop it. */
  async run(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const key = document.uri.toString();
    if (this.#preparing.has(key)) {
      return;
    }
    const running = this.#terminals.get(key);
    if (running?.run !== undefined) {
      running.show();
      await offerStop(running.run, document.uri.path.split("/").at(-1) ?? "");
      return;
    }
    this.#preparing.add(key);
    try {
      this.#checkTrust();
      const prepared = await prepare(document);
      const client = await connectWithProgress(this.#account, signal);
      const session = await this.#sessions.sessionFor(prepared.plan.language, client, signal);
      if (session !== undefined) {
        this.#begin(key, prepared, client, session);
      }
    } finally {
      this.#preparing.delete(key);
    }
  }

  /** Stops the run in the active terminal, else that of the active editor, else every run. */
  stop(): void {
    const editor = vscode.window.activeTextEditor?.document.uri.toString() ?? "";
    const running = [...this.#terminals.values()].filter((terminal) => terminal.run !== undefined);
    const meant =
      running.find((terminal) => terminal.isActive) ??
      running.find((terminal) => terminal === this.#terminals.get(editor));
    for (const terminal of meant ? [meant] : running) {
      terminal.run?.stop();
    }
  }

  dispose(): void {
    for (const terminal of this.#terminals.values()) {
      terminal.dispose();
    }
    this.#terminals.clear();
    this.#owned.dispose();
  }

  /** A cluster keeps a program away from this computer; the local engine does not. */
  #checkTrust(): void {
    if (!vscode.workspace.isTrusted && isOnThisComputer(this.#account.defaultTarget())) {
      throw new UntrustedWorkspaceError();
    }
  }

  #begin(
    key: string,
    { uri, name, plan, content }: RunDocument,
    client: BackendAIClient,
    session: SessionSummary,
  ): void {
    const terminal = this.#terminalFor(key, uri, name);
    const { state } = this.#account.connection;
    const server = state.phase === "connected" ? targetLabel(state.target) : "";
    const where = `${session.name} on ${server}`;
    const results = this.#results.begin({ title: name, where });
    const run = new FileRun({
      client,
      session,
      plan,
      content,
      where,
      onEvent: (event) => results.add(event),
      print: (text) => terminal.print(text),
      describe: wordsFor,
      onWaiting: (waiting) => terminal.setState(waiting ? "waiting" : terminal.run ? "running" : "idle"),
    });
    terminal.attach(run);
    terminal.show();
    this.#count();
    const end = run.start().then((outcome) => {
      this.#logger.info(`run of ${name}: ${outcome.kind}`);
      results.end(endingText(outcome));
      this.#active.delete(run);
      terminal.attach(undefined);
      this.#count();
      if (outcome.kind === "abandoned" && this.#account.connection.state.phase === "connected") {
        void offerDestroy(name, session); // an answer may come much later, or never
      }
    });
    this.#active.set(run, { client, end });
  }

  async #abandonAll(client: BackendAIClient): Promise<void> {
    const leaving = [...this.#active].filter(([, active]) => active.client === client);
    await Promise.all(
      leaving.map(([run, { end }]) => {
        run.abandon();
        return end;
      }),
    );
  }

  #terminalFor(key: string, uri: vscode.Uri, name: string): RunTerminal {
    const existing = this.#terminals.get(key);
    if (existing !== undefined) {
      return existing;
    }
    const terminal = new RunTerminal({
      name,
      again: () => void vscode.commands.executeCommand("backendai.run.file", uri),
      onDidClose: () => {
        this.#terminals.delete(key);
        this.#count();
      },
    });
    this.#terminals.set(key, terminal);
    return terminal;
  }

  /** Shows how many programs run, with a way to stop them. */
  #count(): void {
    const running = [...this.#terminals.values()].filter((terminal) => terminal.run !== undefined);
    void vscode.commands.executeCommand("setContext", contextKeys.running, running.length > 0);
    this.#status.text = `$(debug-stop) ${running.length === 1 ? (running[0]?.name ?? "") : `${running.length} runs`}`;
    this.#status.tooltip = "Backend.AI: stop what runs";
    if (running.length > 0) {
      this.#status.show();
    } else {
      this.#status.hide();
    }
  }
}

function wordsFor(error: unknown): string {
  const { summary, detail } = describeError(error);
  return detail === undefined ? summary : `${summary} ${detail}`;
}

async function offerDestroy(name: string, session: SessionSummary): Promise<void> {
  const text = `${name} did not end when it was interrupted. Session ${session.name} may be busy until it does.`;
  if ((await vscode.window.showWarningMessage(text, "Destroy Session")) === "Destroy Session") {
    await vscode.commands.executeCommand("backendai.sessions.destroy", session);
  }
}

async function offerStop(run: FileRun, name: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`${name} is still running.`, "Stop");
  if (choice === "Stop") {
    run.stop();
  }
}
