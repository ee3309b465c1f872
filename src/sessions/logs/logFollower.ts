import * as l10n from "@vscode/l10n";
import { delay, isAbort } from "../../base/abort.js";
import { NotFoundError, ServerError, UnsupportedError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import { wordsFor } from "../../platform/describeError.js";
import { endingOf, type LogEnding, type LogPlace, readLog, refusalNote } from "./logSource.js";
import type { LogText } from "./logText.js";

/** How often a log is read: each reading is the whole of it, so that a slow one leaves the server longer in peace. */
export interface LogPace {
  readonly shortestMs: number;
  /** While nothing comes. */
  readonly idleMs: number;
  readonly longestMs: number;
}

const usualPace: LogPace = { shortestMs: 1000, idleMs: 4000, longestMs: 20_000 };
/** How much longer than a reading takes the wait after it is. */
const waitFactor = 6;

/** What real servers keep in the log of a container. */
const ofRunner = l10n.t("What the session's own programs say. This server keeps no output of runs in it.");

/** What a follower works with. */
export interface LogFollowerOptions {
  readonly place: LogPlace;
  readonly text: LogText;
  /** The server in use, if it is the log's; `undefined` while there is no connection to it. */
  readonly client: () => BackendAIClient | undefined;
  /** Told when the text has changed. */
  readonly onDidChange: () => void;
  readonly pace?: LogPace;
}

/** Reads a log again and again while somebody looks, until its session is over. */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #pace: LogPace;
  readonly #disposal = new AbortController();
  #loop: AbortController | undefined;
  #isOver = false;
  #first: Promise<void> | undefined;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#pace = options.pace ?? usualPace;
  }

  /** Whether nothing more can come. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Reads once, if nothing was read yet; never rejects. */
  async ready(): Promise<void> {
    this.#first ??= this.#read(this.#disposal.signal).then(
      () => undefined,
      () => undefined, // it was disposed meanwhile
    );
    await this.#first;
  }

  /** Whether to go on reading. */
  setActive(active: boolean): void {
    if (active && this.#loop === undefined && !this.#isOver) {
      const loop = new AbortController();
      this.#loop = loop;
      void this.#run(loop.signal).catch((error: unknown) => {
        if (!isAbort(error)) {
          throw error;
        }
      });
    } else if (!active) {
      this.#loop?.abort();
      this.#loop = undefined;
    }
  }

  dispose(): void {
    this.setActive(false);
    this.#disposal.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    await this.ready();
    let waitMs = this.#pace.shortestMs;
    while (!this.#isOver) {
      await delay(waitMs, signal);
      const started = Date.now();
      const changed = await this.#read(signal);
      const quietMs = changed ? this.#pace.shortestMs : Math.min(this.#pace.idleMs, waitMs * 1.5);
      waitMs = Math.min(this.#pace.longestMs, Math.max(quietMs, waitFactor * (Date.now() - started)));
    }
  }

  /** Reads once; says whether something new came. Rejects only when it is aborted. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const { client: current, place, text, onDidChange } = this.#options;
    const client = current();
    let changed = false;
    let ending: LogEnding | undefined = {
      note: l10n.t("Not connected to the server of this log."),
      isOver: false,
    };
    if (client !== undefined) {
      try {
        changed = text.update(await readLog(client, place, signal));
        ending = changed && !text.isEmpty ? undefined : await endingOf(client, place, signal);
        if (ending?.isOver === true) {
          // What was printed between the reading and the end.
          changed = text.update(await readLog(client, place, signal)) || changed;
          ending = this.#ended(ending);
        }
      } catch (error) {
        signal.throwIfAborted();
        ending = await this.#refusal(client, error, signal);
      }
    }
    signal.throwIfAborted();
    this.#isOver = ending?.isOver ?? false;
    const note = ending?.note ?? (text.isEmpty ? l10n.t("Nothing was printed yet.") : "");
    const isRunners = place.kind === "container" && client?.findings.has("logOfRunner") === true;
    const isOther = [text.setNote(note), text.setPreface(isRunners ? ofRunner : "")].includes(true);
    if (isOther || changed) {
      onDidChange();
    }
    return changed;
  }

  #ended({ note }: LogEnding): LogEnding {
    return {
      note: this.#options.text.isEmpty ? `${note} ${l10n.t("It printed nothing.")}` : note,
      isOver: true,
    };
  }

  async #refusal(client: BackendAIClient, error: unknown, signal: AbortSignal): Promise<LogEnding> {
    const { place } = this.#options;
    if (error instanceof UnsupportedError) {
      return { note: wordsFor(error), isOver: true };
    }
    const isAboutSession = error instanceof NotFoundError || error instanceof ServerError;
    const ending = isAboutSession
      ? await endingOf(client, place, signal).catch(() => undefined) // the first error says more
      : undefined;
    return refusalNote(error, place, ending);
  }
}
