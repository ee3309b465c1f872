import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Account } from "../../../account/account.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, RunEvent, SessionSummary } from "../../../api/index.js";
import { Emitter } from "../../../base/event.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import { contextKeys } from "../../../platform/commandIds.js";
import type { Language } from "../../plan/languages.js";
import { QueryConsole, type QueryState } from "../../query/queryConsole.js";
import type { QueryQuestion, QueryRunInfo } from "../../query/queryRun.js";
import { remark } from "../../screen/runScreen.js";
import type { InputPrompts } from "../inputPrompt.js";
import type { RunSessions } from "../runSession.js";
import { wordsFor } from "../../../platform/describeError.js";
import { QueryTerminal } from "./queryTerminal.js";

/** What consoles work with. */
export interface QueryConsolesDeps {
  readonly account: Account;
  readonly sessions: RunSessions;
  readonly prompts: InputPrompts;
  /** Told everything that runs report. */
  readonly onEvent?: ((run: QueryRunInfo, event: RunEvent) => void) | undefined;
}

/** A console, its terminal, and the question that is told in a notification. */
interface Entry {
  readonly console: QueryConsole;
  readonly terminal: QueryTerminal;
  asking: { readonly question: QueryQuestion; readonly done: AbortController } | undefined;
}

/** The consoles of a window, one a session, and which session each language uses. */
export class QueryConsoles implements Disposable {
  readonly #deps: QueryConsolesDeps;
  readonly #entries = new Map<string, Entry>();
  /** By name of the language: the session that its queries go to. */
  readonly #chosen = new Map<string, string>();
  readonly #didChange = new Emitter<undefined>();
  readonly #owned = new DisposableStore();

  /** Fired when a language uses another session, and when what a console does changes. */
  readonly onDidChange = this.#didChange.event;

  constructor(deps: QueryConsolesDeps) {
    this.#deps = deps;
    // A run whose connection just closes goes on without anybody, and blocks its session on real servers.
    this.#owned.add(deps.account.connection.beforeClose(async (client) => this.#leave(client)));
  }

  /** The console that a language uses, if it used one and its session is not known to be gone. */
  current(language: Language): QueryConsole | undefined {
    return this.#entries.get(this.#chosen.get(language.name) ?? "")?.console;
  }

  /** Every console that is open. */
  get all(): readonly QueryConsole[] {
    return [...this.#entries.values()].map(({ console }) => console);
  }

  /**
   * The console for a language's queries: the one that it used last, else one in a session that is found, asked for or started;
   * `undefined` when the person closed a question. Connects where there is no connection.
   */
  async open(language: Language, signal: AbortSignal): Promise<QueryConsole | undefined> {
    const current = this.current(language);
    if (current !== undefined) {
      return current;
    }
    const client = await connectWithProgress(this.#deps.account, signal);
    const session = await this.#deps.sessions.sessionFor(language, client, signal);
    return session && this.use(language, client, session);
  }

  /** Has a language's queries go to a session from now on. */
  use(language: Language, client: BackendAIClient, session: SessionSummary): QueryConsole {
    this.#deps.sessions.remember(language, client, session);
    this.#chosen.set(language.name, session.id);
    const existing = this.#entries.get(session.id);
    const entry = existing?.console.client === client ? existing : this.#create(client, session);
    this.#entries.set(session.id, entry);
    this.#changed();
    return entry.console;
  }

  /** Shows a console's terminal; the keyboard stays where it is. */
  show({ session }: QueryConsole): void {
    this.#entries.get(session.id)?.terminal.show();
  }

  dispose(): void {
    for (const { console, terminal, asking } of this.#entries.values()) {
      asking?.done.abort();
      void console.abandon();
      terminal.dispose();
    }
    this.#entries.clear();
    this.#owned.dispose();
    this.#didChange.dispose();
  }

  #create(client: BackendAIClient, session: SessionSummary): Entry {
    const terminal = new QueryTerminal({
      name: l10n.t("{0} (query)", session.name),
      onInput: (data) => entry.console.input(data),
      onDidClose: () => this.#forget(entry),
    });
    const console = new QueryConsole({
      client,
      session,
      print: (text) => terminal.print(text),
      describe: wordsFor,
      onState: (state) => this.#show(entry, state),
      onFailed: () => this.#unchoose(session.id),
      onEvent: this.#deps.onEvent,
    });
    const entry: Entry = { console, terminal, asking: undefined };
    return entry;
  }

  #show(entry: Entry, state: QueryState): void {
    entry.terminal.setState(state);
    this.#tell(entry, state.question);
    this.#changed();
  }

  /** Tells of a question where it can't be seen: behind another terminal. In a closed panel, the terminal is shown again. */
  #tell(entry: Entry, question: QueryQuestion | undefined): void {
    if (entry.asking?.question === question) {
      return;
    }
    entry.asking?.done.abort();
    entry.asking = undefined;
    if (question === undefined) {
      return;
    }
    const done = new AbortController();
    entry.asking = { question, done };
    const { console, terminal } = entry;
    if (terminal.isActive) {
      terminal.show();
      return;
    }
    const answer = (text: string): void => console.answer(text);
    const interrupt = (): void => console.interrupt();
    const { origin: program, prompt, isPassword } = question;
    this.#deps.prompts.ask({ program, prompt, isPassword, answer, interrupt }, done.signal);
  }

  /** A terminal was closed: what runs there is interrupted; the variables stay in the session. */
  #forget(entry: Entry): void {
    entry.asking?.done.abort();
    const { id } = entry.console.session;
    if (this.#entries.get(id) === entry) {
      this.#entries.delete(id);
    }
    this.#changed();
    void entry.console.abandon();
  }

  #unchoose(sessionId: string): void {
    for (const [language, id] of this.#chosen) {
      if (id === sessionId) {
        this.#chosen.delete(language);
      }
    }
    this.#changed();
  }

  async #leave(client: BackendAIClient): Promise<void> {
    const leaving = [...this.#entries.values()].filter(({ console }) => console.client === client);
    await Promise.all(
      leaving.map(async ({ console, terminal }) => {
        this.#unchoose(console.session.id);
        await console.abandon();
        terminal.print(remark(l10n.t("disconnected from the server")));
        this.#entries.delete(console.session.id);
      }),
    );
  }

  #changed(): void {
    const isBusy = this.all.some(({ state }) => state.phase !== "idle" || state.queued > 0);
    void vscode.commands.executeCommand("setContext", contextKeys.querying, isBusy);
    this.#didChange.fire(undefined);
  }
}
