import type { ConnectionStore } from "../../../account/connectionStore.js";
import type { BackendAIClient, IdleChecks } from "../../../api/index.js";
import { isAbort } from "../../../base/abort.js";
import { messageOf } from "../../../base/errors.js";
import { Emitter } from "../../../base/event.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Logger } from "../../../base/logger.js";
import { type IdleDeadline, idleDeadline } from "./idleDeadline.js";

/** Between two questions, and before a session that is close to its end is looked at once more; milliseconds. */
const pauses = { lookMs: 60_000, confirmMs: 20_000 };

/** Deadlines that differ by less are the same: servers look every 15 s, and say whole checks late. */
const sameMs = 45_000;

/** What the watch works with. */
export interface IdleWatchDeps {
  readonly connection: ConnectionStore;
  /** Ids and names of sessions that this window uses. */
  readonly usedSessions: () => ReadonlySet<string>;
  readonly nameOf: (sessionId: string) => string | undefined;
  /** How long before its end a session is told of; 0: never. */
  readonly warningMs: () => number;
  readonly logger: Logger;
  /** Other pauses, for tests. */
  readonly pauses?: Partial<typeof pauses>;
}

/** A session that its server will end soon. */
export interface IdleWarning {
  readonly sessionId: string;
  readonly name: string;
  readonly deadline: IdleDeadline;
}

/**
 * Tells of sessions that their server will end soon: those that this window uses, and while the view is open all of the caller's.
 * Asks once a minute while there is one of these, else nothing. Each deadline is told of once.
 */
export class IdleWatch implements Disposable {
  readonly #deps: IdleWatchDeps;
  readonly #pauses: typeof pauses;
  readonly #owned = new DisposableStore();
  readonly #didWarn = new Emitter<IdleWarning>();
  /** Until when each session was told to live. */
  readonly #told = new Map<string, number>();
  /** Sessions close to their end, as seen the last time: a busy one shows the same figure for minutes, as servers leave it. */
  readonly #close = new Map<string, number>();
  #isShown = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: AbortController | undefined;

  readonly onDidWarn = this.#didWarn.event;

  constructor(deps: IdleWatchDeps) {
    this.#deps = deps;
    this.#pauses = { ...pauses, ...deps.pauses };
    this.#owned.add(this.#didWarn);
    this.#owned.add(deps.connection.onDidChange(() => this.#restart()));
    this.#restart();
  }

  /** Whether somebody looks at the sessions. */
  setShown(isShown: boolean): void {
    if (this.#isShown !== isShown) {
      this.#isShown = isShown;
      this.#schedule(isShown ? 0 : this.#pauses.lookMs);
    }
  }

  dispose(): void {
    this.#stop();
    this.#owned.dispose();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#looking?.abort();
    this.#looking = undefined;
  }

  /** Another server has other sessions. */
  #restart(): void {
    this.#stop();
    this.#told.clear();
    this.#close.clear();
    if (this.#client !== undefined) {
      this.#schedule(this.#pauses.confirmMs);
    }
  }

  get #client(): BackendAIClient | undefined {
    const client = this.#deps.connection.current;
    return client?.dialect.can.idleChecks === true ? client : undefined;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const client = this.#client;
    if (client === undefined || this.#looking !== undefined) {
      return;
    }
    const used = this.#deps.usedSessions();
    const isWanted = this.#deps.warningMs() > 0 && (this.#isShown || used.size > 0);
    const looking = new AbortController();
    this.#looking = looking;
    try {
      if (isWanted) {
        const all = await client.sessions.idleChecks({ signal: looking.signal });
        this.#read(all, used);
      }
    } catch (error) {
      if (!isAbort(error)) {
        this.#deps.logger.debug(`idle checks: ${messageOf(error)}`);
      }
    } finally {
      if (this.#looking === looking) {
        this.#looking = undefined;
        this.#schedule(this.#close.size > 0 ? this.#pauses.confirmMs : this.#pauses.lookMs);
      }
    }
  }

  #read(all: ReadonlyMap<string, IdleChecks>, used: ReadonlySet<string>): void {
    const now = Date.now();
    const closeBefore = new Map(this.#close);
    this.#close.clear();
    for (const [sessionId, checks] of all) {
      const name = this.#deps.nameOf(sessionId) ?? sessionId;
      const deadline = idleDeadline(checks, now);
      const isOurs = this.#isShown || used.has(sessionId) || used.has(name);
      if (!isOurs || deadline === undefined || deadline.at - now > this.#deps.warningMs()) {
        continue;
      }
      const { remaining } = checks[deadline.check] ?? {};
      const before = closeBefore.get(sessionId);
      this.#close.set(sessionId, remaining ?? 0);
      if (before !== undefined && (remaining ?? 0) < before && !this.#isTold(sessionId, deadline)) {
        this.#told.set(sessionId, deadline.at);
        this.#didWarn.fire({ sessionId, name, deadline });
      }
    }
  }

  #isTold(sessionId: string, { at }: IdleDeadline): boolean {
    const told = this.#told.get(sessionId);
    return told !== undefined && at - told < sameMs;
  }
}
