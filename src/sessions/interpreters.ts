import type { BackendAIClient, SessionSummary } from "../api/index.js";
import { Emitter } from "../base/event.js";
import type { Disposable } from "../base/lifecycle.js";
import { phaseOf } from "../wire/status.js";
import type { SessionStore } from "./sessionStore.js";

/** A session that runs code of this window. */
export interface CodeSession {
  readonly client: BackendAIClient;
  readonly session: Pick<SessionSummary, "id" | "name">;
}

/** What knowing them works with. */
export interface InterpretersParts {
  readonly store: SessionStore;
  /** The client of the server in use. */
  readonly client: () => BackendAIClient | undefined;
}

/**
 * Which session runs the code of a language, or of one notebook: whoever runs code tells, completion asks. A session that is known
 * to be over, or that is on a server that was left, is not told.
 */
export class Interpreters implements Disposable {
  readonly #parts: InterpretersParts;
  /** By VS Code's id of the language, or by a notebook's address and that id. */
  readonly #sessions = new Map<string, CodeSession>();
  readonly #didChange = new Emitter<undefined>();

  readonly onDidChange = this.#didChange.event;

  constructor(parts: InterpretersParts) {
    this.#parts = parts;
  }

  /** Code of these languages runs there from now on; with `notebook`, its address, that of its cells alone. */
  use(languageIds: readonly string[], place: CodeSession, notebook?: string): void {
    for (const languageId of languageIds) {
      this.#sessions.set(keyOf(languageId, notebook), place);
    }
    this.#didChange.fire(undefined);
  }

  /** Where code of a language runs, in a notebook if it is a cell's; `undefined` while none was run. */
  find(languageId: string, notebook?: string): CodeSession | undefined {
    const place =
      this.#sessions.get(keyOf(languageId, notebook)) ?? this.#sessions.get(keyOf(languageId, undefined));
    if (place === undefined || place.client !== this.#parts.client()) {
      return undefined;
    }
    const now = this.#parts.store.find(place.session.id);
    return now === undefined || phaseOf(now.status) === "running" ? place : undefined;
  }

  dispose(): void {
    this.#sessions.clear();
    this.#didChange.dispose();
  }
}

function keyOf(languageId: string, notebook: string | undefined): string {
  return `${languageId} ${notebook ?? ""}`;
}
