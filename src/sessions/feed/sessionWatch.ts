import type { SessionEvent, SessionSummary } from "../../api/index.js";
import { delay, isAbort } from "../../base/abort.js";
import { backoffMs } from "../../base/backoff.js";
import { messageOf, UnsupportedError } from "../../base/errors.js";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import { phaseOf } from "../../wire/status.js";
import { type EventEffect, effectOf, tellsEnd } from "./eventEffect.js";
import type { ScopedSessions } from "./scopedSessions.js";
import type { SessionListing } from "./sessionListing.js";
import { SummaryQueue } from "./summaryQueue.js";

/** Waits before the event stream is opened again. */
const reconnection = { firstMs: 500, longestMs: 30_000 };

/** How long the rest of a list waits for the event stream to be open. */
const openingMs = 3000;

/** Events may be missing on some servers (`docs/protocol.md`), so the list is read again this often while someone looks. */
const poll = { leastMs: 30_000, mostMs: 300_000, timesAsLong: 20 };

/** How long events of a burst are applied at one go. */
const longestTurnMs = 10;

/** Waits before a list that a flood of events asks for. */
const floodMs = 1000;

/** Reasons of events that say nothing to a person. */
const emptyReasons = new Set(["", "unknown", "triggered-by-scheduler"]);

/**
 * Follows the sessions of one server while somebody looks: a list, then events, each of which changes the one session that it names,
 * a list again after each reconnection, and a slow poll for what events left out.
 */
export class SessionWatch implements Disposable {
  readonly #sessions: ScopedSessions;
  readonly #listing: SessionListing;
  readonly #logger: Logger;
  readonly #ending = new AbortController();
  readonly #questions: SummaryQueue;
  #isFlooded = false;

  constructor(sessions: ScopedSessions, listing: SessionListing, logger: Logger) {
    this.#sessions = sessions;
    this.#listing = listing;
    this.#logger = logger;
    const { signal } = this.#ending;
    const onOverflow = (): void => this.#run(this.#flood());
    this.#questions = new SummaryQueue({ sessions, logger, signal, onOverflow });
    this.#run(this.#listen());
    this.#run(this.#poll());
  }

  dispose(): void {
    this.#ending.abort();
  }

  get #signal(): AbortSignal {
    return this.#ending.signal;
  }

  #run(loop: Promise<void>): void {
    loop.catch((error: unknown) => {
      if (!isAbort(error)) {
        this.#logger.error(`the session feed stopped: ${messageOf(error)}`);
      }
    });
  }

  /** Follows the event stream for as long as somebody looks, through any number of lost connections. */
  async #listen(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const began = performance.now();
      try {
        await this.#applyAll();
      } catch (error) {
        this.#signal.throwIfAborted();
        this.#logger.debug(`session events: ${messageOf(error)}`);
        if (error instanceof UnsupportedError) {
          return; // the poll is all that there is
        }
      }
      attempt = performance.now() - began > reconnection.longestMs ? 0 : attempt;
      await delay(backoffMs(attempt, reconnection, Math.random()), this.#signal);
    }
  }

  /** A burst of events lets others have their turn in between. */
  async #applyAll(): Promise<void> {
    let turn = performance.now();
    for await (const event of this.#events()) {
      this.#logger.trace(`event ${event.name}`);
      this.#apply(event);
      if (performance.now() - turn > longestTurnMs) {
        await delay(0, this.#signal);
        turn = performance.now();
      }
    }
  }

  /**
   * The events from now on. The first page of the list is asked for beside them; its rest waits until they are open, and what had
   * been read before is read once more, so that nothing falls between.
   */
  async *#events(): AsyncGenerator<SessionEvent, void, undefined> {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#listing.holdRest(Promise.race([opened, delay(openingMs, this.#signal).catch(() => undefined)]));
    this.#list(this.#listing.read());
    const onOpen = (): void => {
      open();
      this.#list(this.#listing.readNewest());
    };
    try {
      yield* this.#sessions.client.events.sessions({ onOpen }, { signal: this.#signal });
    } finally {
      open();
    }
  }

  async #poll(): Promise<void> {
    for (;;) {
      const waitMs = Math.max(poll.leastMs, this.#listing.tookMs * poll.timesAsLong);
      await delay(Math.min(waitMs, poll.mostMs), this.#signal);
      await this.#listing.read().catch(() => undefined); // the store tells; the next round tries again
    }
  }

  /** More sessions have changed than can be asked about one by one. */
  async #flood(): Promise<void> {
    if (!this.#isFlooded) {
      this.#isFlooded = true;
      await delay(Math.max(floodMs, this.#listing.tookMs), this.#signal);
      this.#isFlooded = false;
      await this.#listing.read().catch(() => undefined);
    }
  }

  #list(reading: Promise<void>): void {
    reading.catch(() => undefined); // the store tells
  }

  #apply(event: SessionEvent): void {
    if (this.#isOfOthers(event)) {
      return;
    }
    const effect = effectOf(event.name, this.#sessions.client.dialect.events);
    const ids = this.#idsOf(event);
    for (const id of ids) {
      this.#change(id, effect, event);
    }
    if (ids.length === 0 && !tellsEnd(effect)) {
      this.#list(this.#listing.readNewest()); // a session whose id is not told is among the newest
    }
  }

  /** Administrators are told of everybody's sessions. */
  #isOfOthers({ ownerAccessKey }: SessionEvent): boolean {
    const { accessKey } = this.#sessions;
    return accessKey !== undefined && ownerAccessKey !== undefined && ownerAccessKey !== accessKey;
  }

  #idsOf({ sessionId, sessionName }: SessionEvent): readonly string[] {
    if (sessionId !== undefined) {
      return [sessionId];
    }
    const isName = this.#sessions.client.dialect.addressing === "name";
    return isName && sessionName !== undefined ? [sessionName] : this.#sessions.named(sessionName ?? "");
  }

  #change(id: string, effect: EventEffect, event: SessionEvent): void {
    const isKnown = this.#sessions.find(id) !== undefined;
    if (effect.kind === "status" && phaseOf(effect.status) === "ended") {
      this.#questions.forget(id);
      this.#sessions.end(id, factsOf(effect.status, event));
    } else if (effect.kind === "status" && isKnown) {
      this.#sessions.change(id, factsOf(effect.status, event));
    } else if (effect.kind === "result" && isKnown) {
      this.#sessions.change(id, { result: effect.result });
    } else if (effect.kind === "status") {
      this.#questions.ask(id, undefined);
    } else if (effect.kind === "ask" && (isKnown || !tellsEnd(effect))) {
      this.#questions.ask(id, effect.expects);
    }
  }
}

/** What an event says of a session that has come to this status: at an end also why. */
function factsOf(status: string, { reason = "" }: SessionEvent): Partial<SessionSummary> {
  const isEnd = tellsEnd({ kind: "status", status });
  return { status, ...(isEnd && !emptyReasons.has(reason) && { statusInfo: reason }) };
}
