import * as l10n from "@vscode/l10n";
import type * as vscode from "vscode";
import { showQuickPick } from "../../../platform/shown/quickPick.js";
import { targetLabel } from "../../../account/target.js";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import type { BackendAIClient, SessionSummary } from "../../../api/index.js";
import { Emitter } from "../../../base/event.js";
import { suits } from "../../../sessions/imageChoice.js";
import { shortImage } from "../../../sessions/sessionTree.js";
import { pickImage } from "../../../sessions/vscode/imagePick.js";
import { startWithProgress } from "../../../sessions/vscode/startWithProgress.js";
import { phaseOf } from "../../../wire/status.js";
import { type CellPlace, isGone, SessionGoneError } from "../../notebook/cellFailure.js";
import type { Language } from "../../plan/languages.js";
import { checkTrust } from "../runPlace.js";
import type { RunSessionDeps, RunSessions } from "../runSession.js";

/** A session that a notebook runs in, and on which server, for people. */
export interface NotebookPlace extends CellPlace {
  readonly server: string;
}

/** Which session each notebook runs in: one for each of its languages, kept until it is gone or another is chosen. */
export class NotebookSessions {
  readonly #deps: RunSessionDeps;
  readonly #sessions: RunSessions;
  readonly #places = new Map<string, Map<string, NotebookPlace>>();
  readonly #didChange = new Emitter<void>();

  readonly onDidChange = this.#didChange.event;

  constructor(deps: RunSessionDeps, sessions: RunSessions) {
    this.#deps = deps;
    this.#sessions = sessions;
  }

  /** The sessions that a notebook runs in. */
  placesOf(notebook: vscode.NotebookDocument): readonly NotebookPlace[] {
    return [...(this.#places.get(notebook.uri.toString())?.values() ?? [])];
  }

  /**
   * The session for cells of a language; `undefined` when the person closed a question.
   * @throws {SessionGoneError} once, when the one before is gone: the next cell may go to another.
   */
  async placeFor(
    notebook: vscode.NotebookDocument,
    language: Language,
    signal: AbortSignal,
  ): Promise<NotebookPlace | undefined> {
    checkTrust(this.#deps.account);
    const client = await connectWithProgress(this.#deps.account, signal);
    const known = this.#places.get(notebook.uri.toString())?.get(language.name);
    if (known?.client === client) {
      return known;
    }
    if (known !== undefined) {
      // Another connection, perhaps to another server: names say nothing, ids do.
      const place = this.#placeAt(client, known.session);
      if (await isGone(place, signal)) {
        this.forget(known.session.id);
        throw new SessionGoneError(known.session);
      }
      return this.#keep(notebook, language, place);
    }
    const session = await this.#sessions.sessionFor(language, client, signal);
    return session && this.#keep(notebook, language, this.#placeAt(client, session));
  }

  /** No notebook runs in that session any more. */
  forget(sessionId: string): void {
    for (const places of this.#places.values()) {
      for (const [language, place] of places) {
        if (place.session.id === sessionId) {
          places.delete(language);
        }
      }
    }
    this.#didChange.fire();
  }

  /** Has a person choose the session for a notebook's cells of a language; false when they closed the question. */
  async choose(notebook: vscode.NotebookDocument, language: Language, signal: AbortSignal): Promise<boolean> {
    const { account, feed, store } = this.#deps;
    checkTrust(account);
    const client = await connectWithProgress(account, signal);
    await feed.refresh(signal);
    const running = store.snapshot.sessions.filter(
      ({ status, type }) => phaseOf(status) === "running" && type !== "batch",
    );
    const choice = await pickSession(running, language);
    const session = choice === "new" ? await this.#start(client, language, signal) : choice;
    if (session === undefined) {
      return false;
    }
    this.#keep(notebook, language, this.#placeAt(client, session));
    return true;
  }

  async #start(
    client: BackendAIClient,
    language: Language,
    signal: AbortSignal,
  ): Promise<SessionSummary | undefined> {
    const images = await client.images.list({ signal });
    const suitable = images.filter((image) => suits(image, language.runtime));
    const image =
      suitable.length === 1
        ? suitable[0]
        : await pickImage(suitable.length > 0 ? suitable : images, l10n.t("Image of the new session"));
    return image && startWithProgress(this.#deps.starter, client, image, signal);
  }

  #placeAt(client: BackendAIClient, session: CellPlace["session"]): NotebookPlace {
    const { state } = this.#deps.account.connection;
    return { client, session, server: state.phase === "connected" ? targetLabel(state.target) : "" };
  }

  #keep(notebook: vscode.NotebookDocument, language: Language, place: NotebookPlace): NotebookPlace {
    const key = notebook.uri.toString();
    const { client, session } = place;
    this.#deps.interpreters.use(language.ids, { client, session }, key);
    const places = this.#places.get(key) ?? new Map<string, NotebookPlace>();
    this.#places.set(key, places.set(language.name, place));
    this.#didChange.fire();
    return place;
  }
}

async function pickSession(
  running: readonly SessionSummary[],
  language: Language,
): Promise<SessionSummary | "new" | undefined> {
  const items = [
    ...running.map((session) => ({
      label: session.name,
      description: shortImage(session.image),
      choice: session,
    })),
    { icon: "add", label: l10n.t("Start a New Session"), description: "", choice: "new" as const },
  ];
  const placeHolder = l10n.t("Which session should run the {0} cells of this notebook?", language.name);
  return (await showQuickPick(items, { placeHolder, matchOnDescription: true }))?.choice;
}
