import * as l10n from "@vscode/l10n";
import { showQuickPick } from "../../platform/shown/quickPick.js";
import type { Account } from "../../account/account.js";
import { isOnThisComputer, targetLabel } from "../../account/target.js";
import type { BackendAIClient, SessionImage, SessionSummary } from "../../api/index.js";
import { ConfigurationError } from "../../base/errors.js";
import { imageFor, suits } from "../../sessions/imageChoice.js";
import type { Interpreters } from "../../sessions/interpreters.js";
import type { SessionFeed } from "../../sessions/sessionFeed.js";
import type { SessionStarter } from "../../sessions/sessionStarter.js";
import type { SessionStore } from "../../sessions/sessionStore.js";
import { shortImage } from "../../sessions/sessionTree.js";
import { pickImage } from "../../sessions/vscode/imagePick.js";
import { startWithProgress } from "../../sessions/vscode/startWithProgress.js";
import type { Language } from "../plan/languages.js";
import { chooseSession, type SessionChoice } from "../sessionChoice.js";

/** What choosing a session works with. */
export interface RunSessionDeps {
  readonly account: Account;
  readonly store: SessionStore;
  readonly feed: SessionFeed;
  readonly starter: SessionStarter;
  /** Told which session runs what. */
  readonly interpreters: Interpreters;
}

/** Finds or starts the session for a run, and remembers it per language while the window lives. */
export class RunSessions {
  readonly #deps: RunSessionDeps;
  readonly #lastUsed = new Map<string, string>();
  #choosing: Promise<unknown> = Promise.resolve();
  /** The session of the last run, for languages that any session can run. */
  #latest: string | undefined;

  constructor(deps: RunSessionDeps) {
    this.#deps = deps;
  }

  /**
   * The session to run `language` in; `undefined` when the person closed a question. One choice at a time: two files that
   * are run at once shall not start two sessions.
   */
  async sessionFor(
    language: Language,
    client: BackendAIClient,
    signal: AbortSignal,
  ): Promise<SessionSummary | undefined> {
    const choice = this.#choosing.then(() => this.#choose(language, client, signal));
    this.#choosing = choice.catch(() => undefined);
    return choice;
  }

  /** In which session `language` would run now; nothing is asked, started or remembered. */
  async choiceFor(language: Language, client: BackendAIClient, signal: AbortSignal): Promise<SessionChoice> {
    return (await this.#look(language, client, signal)).choice;
  }

  async #look(
    language: Language,
    client: BackendAIClient,
    signal: AbortSignal,
  ): Promise<{ readonly choice: SessionChoice; readonly images: readonly SessionImage[] }> {
    const { feed, store } = this.#deps;
    const [images] = await Promise.all([client.images.list({ signal }), feed.refresh(signal)]);
    const suitable = new Set(
      images.filter((image) => suits(image, language.runtime)).map((i) => i.reference),
    );
    const isSuitable = (session: SessionSummary): boolean => suitable.has(session.image);
    const choice = chooseSession(store.snapshot.sessions, isSuitable, this.#lastUsedFor(language));
    return { choice, images };
  }

  async #choose(
    language: Language,
    client: BackendAIClient,
    signal: AbortSignal,
  ): Promise<SessionSummary | undefined> {
    const { choice, images } = await this.#look(language, client, signal);
    const session =
      choice.kind === "use"
        ? choice.session
        : choice.kind === "ask"
          ? await pickSession(choice.candidates, language)
          : await this.#start(language, images, client, signal);
    if (session !== undefined) {
      this.remember(language, client, session);
    }
    return session;
  }

  /** Has runs of `language` go to that session from now on, while it runs. */
  remember(language: Language, client: BackendAIClient, session: SessionSummary): void {
    this.#lastUsed.set(language.name, session.id);
    this.#deps.interpreters.use(language.ids, { client, session });
    this.#latest = session.id;
  }

  #lastUsedFor({ name, runtime }: Language): string | undefined {
    return this.#lastUsed.get(name) ?? (runtime === undefined ? this.#latest : undefined);
  }

  async #start(
    language: Language,
    images: readonly SessionImage[],
    client: BackendAIClient,
    signal: AbortSignal,
  ): Promise<SessionSummary | undefined> {
    const image = await this.#imageFor(language, images);
    if (image === undefined) {
      return undefined;
    }
    return startWithProgress(this.#deps.starter, client, image, signal);
  }

  /** On this computer a session costs nothing; on a cluster it takes resources, so the person is asked. */
  async #imageFor(language: Language, images: readonly SessionImage[]): Promise<SessionImage | undefined> {
    const { state } = this.#deps.account.connection;
    const isLocal = state.phase === "connected" && isOnThisComputer(state.target);
    const image = imageFor(images, language.runtime);
    if (image === undefined && isLocal) {
      throw new ConfigurationError(
        "language",
        l10n.t("This computer has nothing to run {0} with. Install it, then run again.", language.name),
      );
    }
    if (image !== undefined && isLocal) {
      return image;
    }
    const server = state.phase === "connected" ? targetLabel(state.target) : l10n.t("the server");
    if (image === undefined) {
      return pickImage(
        images,
        l10n.t("{0} has no image for {1}: which one should run it?", server, language.name),
      );
    }
    const question = [
      l10n.t("No session for {0} is running on {1}.", language.name, server),
      l10n.t("Start one of {0}?", shortImage(image.reference)),
    ].join(" ");
    return startQuestion(question, image, images);
  }
}

/** Asked where the keyboard is: a notification would hide by itself, and the run would wait for it unseen, and every run after it. */
async function startQuestion(
  placeHolder: string,
  image: SessionImage,
  images: readonly SessionImage[],
): Promise<SessionImage | undefined> {
  const start = { label: l10n.t("Start Session"), description: shortImage(image.reference) };
  const other = { label: l10n.t("Other Image…") };
  const answer = await showQuickPick([start, other], { placeHolder });
  return answer === start
    ? image
    : answer === other
      ? pickImage(images, l10n.t("Image of the new session"))
      : undefined;
}

async function pickSession(
  candidates: readonly SessionSummary[],
  language: Language,
): Promise<SessionSummary | undefined> {
  const items = candidates.map((session) => ({
    label: session.name,
    description: shortImage(session.image),
    session,
  }));
  const placeHolder = l10n.t("Which session should run {0} files of this window?", language.name);
  return (await showQuickPick(items, { placeHolder }))?.session;
}
