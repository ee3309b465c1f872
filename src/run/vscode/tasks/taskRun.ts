import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { abortable, delay, isAbort } from "../../../base/abort.js";
import { ConfigurationError } from "../../../base/errors.js";
import type { SessionFeed } from "../../../sessions/sessionFeed.js";
import type { SessionStore } from "../../../sessions/sessionStore.js";
import type { Language } from "../../plan/languages.js";
import { footLine, remark, type RunOutcome } from "../../screen/runScreen.js";
import { namedSession } from "../../../sessions/namedSession.js";
import { parseTaskDefinition } from "../../tasks/taskDefinition.js";
import { taskExitCode } from "../../tasks/taskExitCode.js";
import { prepare } from "../runDocument.js";
import type { ActiveRun, Runner, RunPlace } from "../runner.js";
import { offerForce, offerWayOut } from "../runOffers.js";
import { checkTrust } from "../runPlace.js";
import { RunPty } from "../runPty.js";
import type { RunSessions } from "../runSession.js";
import { wordsFor } from "../../../platform/describeError.js";
import { taskDocument } from "./taskFile.js";

/** VS Code takes an end with another code than 0 before that for a “failed launch”, and says so; milliseconds. */
const launchMs = 700;

/** A terminal that stays empty for longer looks dead; milliseconds. */
const silenceMs = 2000;

/** What tasks work with. */
export interface TaskDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly sessions: RunSessions;
  readonly runner: Runner;
}

/** A task as VS Code starts it. */
export interface StartedTask {
  /** What the terminal's tab shows. */
  readonly name: string;
  /** As in `tasks.json`, its variables replaced. */
  readonly definition: vscode.TaskDefinition;
  /** Where its file is looked for. */
  readonly folder: vscode.WorkspaceFolder | undefined;
}

/**
 * One task, from the opening of its terminal to its exit code. Whatever fails is told in the terminal, and the task ends: who
 * waits for it must not wait for ever.
 */
export class TaskRun {
  readonly pty: RunPty;
  readonly #deps: TaskDeps;
  readonly #task: StartedTask;
  /** Ends what comes before the run. */
  readonly #abort = new AbortController();
  #active: ActiveRun | undefined;

  /** @param onEnd Told when the task is over. */
  constructor(deps: TaskDeps, task: StartedTask, onEnd: () => void) {
    this.#deps = deps;
    this.#task = task;
    this.pty = new RunPty({
      name: task.name,
      interrupt: () => this.#abort.abort(),
      onOpen: () => void this.#toTheEnd().finally(onEnd),
      onClose: () => this.#close(onEnd),
    });
  }

  /** The server it runs on; `undefined` before it runs. */
  get client(): BackendAIClient | undefined {
    return this.#active?.info.client;
  }

  /** Lets go of the program: one that can live by itself goes on. Resolves when it is let go. */
  async leave(): Promise<void> {
    this.#abort.abort();
    this.#active?.run.leave();
    await this.#active?.end;
  }

  async #toTheEnd(): Promise<void> {
    const startedAt = performance.now();
    const exitCode = taskExitCode(await this.#run());
    if (exitCode !== 0) {
      await delay(Math.max(0, launchMs - (performance.now() - startedAt)));
    }
    await this.pty.finish(exitCode);
    this.pty.dispose();
  }

  /** A person closed the terminal or terminated the task, which takes the program along. */
  #close(onEnd: () => void): void {
    this.#abort.abort();
    this.#active?.run.abandon();
    if (this.#active === undefined) {
      onEnd(); // it may never have been opened
    }
  }

  async #run(): Promise<RunOutcome> {
    const startedAt = performance.now();
    const words = remark(
      l10n.t("a session is looked for; a message may wait for your answer. Ctrl-C stops the task"),
    );
    const silence = setTimeout(() => this.pty.print(words), silenceMs);
    try {
      // Questions can't be taken back; a task that was stopped does not wait for their answers.
      this.#active = await abortable(this.#begin(), this.#abort.signal);
    } catch (error) {
      const outcome: RunOutcome = isAbort(error)
        ? { kind: "stopped", exitCode: undefined }
        : { kind: "failed", summary: wordsFor(error) };
      const place = { atLineStart: true, isLast: true };
      this.pty.print(footLine(outcome, performance.now() - startedAt, place));
      return outcome;
    } finally {
      clearTimeout(silence);
    }
    const outcome = await this.#active.end;
    this.#active = undefined; // the terminal may stay open for long, and closing it stops nothing any more
    return outcome;
  }

  async #begin(): Promise<ActiveRun> {
    const { account, runner } = this.#deps;
    const { signal } = this.#abort;
    const { file, session, options } = parseTaskDefinition(this.#task.definition);
    checkTrust(account);
    const document = await prepare(await taskDocument(file, this.#task.folder), signal, options);
    const client = await connectWithProgress(account, signal);
    const place = { client, session: await this.#session(session, document.plan.language, client) };
    signal.throwIfAborted();
    const active = runner.begin(document, place, this.pty, (state) => {
      if (state === "stubborn") {
        void offerForce(active.run, this.#task.name);
      }
    });
    void active.end.then((outcome) => this.#ended(outcome, place));
    return active;
  }

  async #session(
    nameOrId: string | undefined,
    language: Language,
    client: BackendAIClient,
  ): Promise<SessionSummary> {
    const { store, feed, sessions } = this.#deps;
    const { signal } = this.#abort;
    if (nameOrId !== undefined) {
      await feed.refresh(signal); // while nobody looks at the view, the store is as old as the last look
      return namedSession(store.snapshot.sessions, nameOrId);
    }
    const session = await sessions.sessionFor(language, client, signal);
    if (session === undefined) {
      throw new ConfigurationError("session", l10n.t("No session was chosen, so nothing was run."));
    }
    return session;
  }

  #ended(outcome: RunOutcome, { session }: RunPlace): void {
    if (outcome.kind === "abandoned" && this.#deps.account.connection.state.phase === "connected") {
      void offerWayOut(this.#task.name, session); // an answer may come much later, or never
    }
  }
}
