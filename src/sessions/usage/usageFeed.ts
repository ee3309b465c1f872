import { delay, isAbort } from "../../base/abort.js";
import { backoffMs } from "../../base/backoff.js";
import { NotFoundError, UnauthorizedError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import { messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { SessionUsage } from "./usage.js";

/** The session that somebody looks at. */
export interface WatchedSession {
  readonly client: BackendAIClient;
  readonly id: string;
}

/** What is known of its usage. `none`: the server was asked and has no figures. */
export type UsageState =
  { readonly phase: "idle" | "loading" | "none" } | { readonly phase: "known"; readonly usage: SessionUsage };

/** Agents measure every 5 s, so that more often would show nothing more; milliseconds. */
const everyMs = 5000;
/** Where there are no figures, or no answer. */
const retry = { firstMs: 5000, longestMs: 60_000 };
/** Answers without figures after which those from before are too old to be shown. */
const mostMisses = 3;

/** Asks for the figures of one session, while somebody looks and no longer. */
export class UsageFeed implements Disposable {
  readonly #didChange = new Emitter<UsageState>();
  readonly #logger: Logger;
  readonly #everyMs: number;
  #watched: WatchedSession | undefined;
  #isActive = true;
  #loop: AbortController | undefined;
  #state: UsageState = { phase: "idle" };

  readonly onDidChange = this.#didChange.event;

  constructor(logger: Logger, intervalMs = everyMs) {
    this.#logger = logger;
    this.#everyMs = intervalMs;
  }

  get state(): UsageState {
    return this.#state;
  }

  /** Looks at another session, or at none. */
  watch(session: WatchedSession | undefined): void {
    if (session?.client === this.#watched?.client && session?.id === this.#watched?.id) {
      return;
    }
    this.#watched = session;
    this.#set({ phase: session === undefined ? "idle" : "loading" });
    this.#begin();
  }

  /** Whether somebody is there to look; else the figures stay as they are and nothing is asked. */
  setActive(active: boolean): void {
    if (active !== this.#isActive) {
      this.#isActive = active;
      this.#begin();
    }
  }

  dispose(): void {
    this.watch(undefined);
    this.#didChange.dispose();
  }

  #begin(): void {
    this.#loop?.abort();
    this.#loop = undefined;
    if (this.#watched !== undefined && this.#isActive) {
      this.#loop = new AbortController();
      void this.#follow(this.#watched, this.#loop.signal).catch((error: unknown) => {
        if (!isAbort(error)) {
          this.#logger.warn(`usage: ${messageOf(error)}`);
          this.#set({ phase: "none" });
        }
      });
    }
  }

  /** Rejects when the session is gone, or its server knows us no more. */
  async #follow({ client, id }: WatchedSession, signal: AbortSignal): Promise<void> {
    for (let misses = 0; ;) {
      const usage = await this.#ask(client, id, signal);
      signal.throwIfAborted();
      if (usage === undefined) {
        misses += 1;
        if (misses >= mostMisses || this.#state.phase !== "known") {
          this.#set({ phase: "none" });
        }
      } else {
        this.#set({ phase: "known", usage });
        misses = 0;
      }
      await delay(misses === 0 ? this.#everyMs : backoffMs(misses - 1, retry, Math.random()), signal);
    }
  }

  async #ask(client: BackendAIClient, id: string, signal: AbortSignal): Promise<SessionUsage | undefined> {
    try {
      const statistics = await client.sessions.statistics(id, { signal });
      const { usageOf } = await import("./usage.js"); // with the schemas, which no activation needs
      return usageOf(statistics, client.dialect.manager);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotFoundError || error instanceof UnauthorizedError) {
        throw error;
      }
      this.#logger.debug(`usage: ${messageOf(error)}`);
      return undefined;
    }
  }

  #set(state: UsageState): void {
    this.#state = state;
    this.#didChange.fire(state);
  }
}
