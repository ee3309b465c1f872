import { delay, isAbort } from "../../base/abort.js";
import { backoffMs } from "../../base/backoff.js";
import { NotFoundError, UnauthorizedError } from "../../api/errors.js";
import type { BackendAIClient } from "../../api/index.js";
import { messageOf } from "../../base/errors.js";
import { Emitter } from "../../base/event.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { type SessionUsage, usageOf } from "./usage.js";

/** The session that somebody looks at. */
export interface WatchedSession {
  readonly client: BackendAIClient;
  readonly id: string;
}

/** What is known of its usage. `none`: the server was asked and has no figures. */
export type UsageState =
  | { readonly phase: "idle" | "loading" | "none" }
  | { readonly phase: "known"; readonly usage: SessionUsage };

/** Agents measure every 5 s, so that more often would show nothing more; milliseconds. */
const everyMs = 5000;
/** Where there are no figures, or no answer. */
const retry = { firstMs: 5000, longestMs: 60_000 };

/** Asks for the figures of one session, while somebody looks and no longer. */
export class UsageFeed implements Disposable {
  readonly #didChange = new Emitter<UsageState>();
  readonly #logger: Logger;
  readonly #everyMs: number;
  #watched: (WatchedSession & { readonly controller: AbortController }) | undefined;
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
    this.#watched?.controller.abort();
    this.#watched = session && { ...session, controller: new AbortController() };
    this.#set({ phase: session === undefined ? "idle" : "loading" });
    if (this.#watched !== undefined) {
      void this.#follow(this.#watched, this.#watched.controller.signal).catch((error: unknown) => {
        if (!isAbort(error)) {
          this.#logger.warn(`usage: ${messageOf(error)}`);
          this.#set({ phase: "none" });
        }
      });
    }
  }

  dispose(): void {
    this.watch(undefined);
    this.#didChange.dispose();
  }

  /** Rejects when the session is gone, or its server knows us no more. */
  async #follow({ client, id }: WatchedSession, signal: AbortSignal): Promise<void> {
    for (let misses = 0; ; ) {
      const usage = await this.#ask(client, id, signal);
      signal.throwIfAborted();
      if (usage === undefined) {
        this.#set({ phase: "none" });
        misses += 1;
      } else {
        this.#set({ phase: "known", usage });
        misses = 0;
      }
      await delay(misses === 0 ? this.#everyMs : backoffMs(misses - 1, retry, Math.random()), signal);
    }
  }

  async #ask(client: BackendAIClient, id: string, signal: AbortSignal): Promise<SessionUsage | undefined> {
    try {
      return usageOf(await client.sessions.statistics(id, { signal }), client.dialect.manager);
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
