import type { SessionSummary } from "../api/index.js";
import { Emitter } from "../base/event.js";
import type { Disposable } from "../base/lifecycle.js";
import { byEnd, byPhaseThenAge } from "./sessionOrder.js";

/** What is known about the sessions of the connected server that are not over. */
export interface SessionsSnapshot {
  /** `loading`: a part of them, or none yet. `stale`: what was known before the server stopped answering; `error` says why. */
  readonly phase: "unknown" | "loading" | "ready" | "stale";
  /** Running first, then those that start, wait, fail and end; the newest first among equals. */
  readonly sessions: readonly SessionSummary[];
  readonly error?: unknown;
}

/** What is known about sessions that are over, which are asked for when somebody wants to see them. */
export interface EndedSessions {
  readonly phase: "unknown" | "ready";
  /** What ended last first. */
  readonly sessions: readonly SessionSummary[];
  /** How far back they go, in milliseconds; `Infinity` for all that the server has. */
  readonly spanMs: number;
}

/**
 * What a change was about. `all`: anything. `state`: the phase or the error alone. `sessions`: these came, changed or went
 * ({@link SessionStore.find} tells which). `ended`: those that are over.
 */
export type SessionsChange =
  | { readonly kind: "all" | "state" | "ended" }
  | { readonly kind: "sessions"; readonly ids: readonly string[] };

const noneEnded: EndedSessions = { phase: "unknown", sessions: [], spanMs: 0 };

/** Most sessions that are over and kept. */
export const mostEnded = 1000;

/**
 * The one truth about sessions. Written by the feed alone. A change of one session costs the same however many there are; only
 * {@link snapshot} puts all of them in order, when somebody asks for it.
 */
export class SessionStore {
  readonly #didChange = new Emitter<SessionsChange>();
  readonly #live = new Map<string, SessionSummary>();
  readonly #idsByName = new Map<string, Set<string>>();
  #state: Omit<SessionsSnapshot, "sessions"> = { phase: "unknown" };
  #ended: EndedSessions = noneEnded;
  #endedById = new Map<string, SessionSummary>();
  #snapshot: SessionsSnapshot | undefined;

  readonly onDidChange = this.#didChange.event;

  /**
   * Tells `listener` of each session that was known and is over or gone, so that what is kept for it can go. Not of those that are no
   * longer looked at, with their server or their scope.
   */
  onDidEnd(listener: (id: string) => void): Disposable {
    return this.onDidChange((change) => {
      for (const id of change.kind === "sessions" ? change.ids : []) {
        if (!this.has(id)) {
          listener(id);
        }
      }
    });
  }

  /** The sessions that are not over, in order. */
  get snapshot(): SessionsSnapshot {
    this.#snapshot ??= { ...this.#state, sessions: [...this.#live.values()].sort(byPhaseThenAge) };
    return this.#snapshot;
  }

  /** Phase and error without putting sessions in order. */
  get state(): Omit<SessionsSnapshot, "sessions"> {
    return this.#state;
  }

  /** The sessions that are over, as far as they were asked for. */
  get ended(): EndedSessions {
    return this.#ended;
  }

  /** How many sessions are not over. */
  get size(): number {
    return this.#live.size;
  }

  /** The sessions that are not over, in no order. */
  live(): IterableIterator<SessionSummary> {
    return this.#live.values();
  }

  /** The session with that id: one that is not over, or one that is and was asked for. Its status tells which. */
  find(id: string): SessionSummary | undefined {
    return this.#live.get(id) ?? this.#endedById.get(id);
  }

  /** Whether the session is known and not over. */
  has(id: string): boolean {
    return this.#live.has(id);
  }

  /** Ids of the sessions with that name that are not over: several users may have used one. */
  named(name: string): readonly string[] {
    return [...(this.#idsByName.get(name) ?? [])];
  }

  /** Puts a whole list in the place of what was known; sessions that are over are forgotten. */
  replace({ sessions, ...state }: SessionsSnapshot): void {
    this.#live.clear();
    this.#idsByName.clear();
    for (const session of sessions) {
      this.#put(session);
    }
    this.#state = state;
    this.#keepEnded(noneEnded);
    this.#snapshot = undefined;
    this.#didChange.fire({ kind: "all" });
  }

  /** Takes in sessions that are not over, and forgets others. What is the same as before is no change. */
  update(change: { readonly put?: Iterable<SessionSummary>; readonly remove?: Iterable<string> }): void {
    const ids: string[] = [];
    for (const session of change.put ?? []) {
      const known = this.#live.get(session.id);
      if (known === undefined || !isSame(known, session)) {
        this.#remove(session.id);
        this.#put(session);
        ids.push(session.id);
      }
    }
    for (const id of change.remove ?? []) {
      if (this.#remove(id)) {
        ids.push(id);
      }
    }
    if (ids.length > 0) {
      this.#snapshot = undefined;
      this.#didChange.fire({ kind: "sessions", ids });
    }
  }

  /** Sets the phase; nothing happens where it is so already. */
  setState(state: Omit<SessionsSnapshot, "sessions">): void {
    if (state.phase !== this.#state.phase || state.error !== this.#state.error) {
      this.#state = state;
      this.#snapshot = undefined;
      this.#didChange.fire({ kind: "state" });
    }
  }

  /** Keeps the sessions that are over, the last {@link mostEnded} of them. */
  setEnded(ended: EndedSessions): void {
    this.#keepEnded({ ...ended, sessions: [...ended.sessions].sort(byEnd).slice(0, mostEnded) });
    this.#didChange.fire({ kind: "ended" });
  }

  #keepEnded(ended: EndedSessions): void {
    this.#ended = ended;
    this.#endedById = new Map(ended.sessions.map((session) => [session.id, session]));
  }

  #put(session: SessionSummary): void {
    this.#live.set(session.id, session);
    const ids = this.#idsByName.get(session.name) ?? new Set<string>();
    this.#idsByName.set(session.name, ids.add(session.id));
  }

  #remove(id: string): boolean {
    const known = this.#live.get(id);
    if (known === undefined) {
      return false;
    }
    this.#live.delete(id);
    const ids = this.#idsByName.get(known.name);
    ids?.delete(id);
    if (ids?.size === 0) {
      this.#idsByName.delete(known.name);
    }
    return true;
  }
}

function isSame(a: SessionSummary, b: SessionSummary): boolean {
  const keys = Object.keys(a) as (keyof SessionSummary)[];
  return keys.length === Object.keys(b).length && keys.every((key) => plain(a[key]) === plain(b[key]));
}

function plain(value: SessionSummary[keyof SessionSummary]): string | number | undefined {
  return value instanceof Date ? value.getTime() : value;
}
