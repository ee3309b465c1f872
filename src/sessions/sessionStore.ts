import type { SessionSummary } from "../api/index.js";
import { Emitter } from "../base/event.js";

/** What is known about the sessions of the connected server; replaced whole at each change. */
export interface SessionsSnapshot {
  /** `stale`: what was known before the server stopped answering, with the reason in `error`. */
  readonly phase: "unknown" | "loading" | "ready" | "stale";
  /** Running first, then those that start, wait, fail and end; the newest first among equals. */
  readonly sessions: readonly SessionSummary[];
  readonly error?: unknown;
}

/** The one truth about sessions. Written by the feed alone. */
export class SessionStore {
  readonly #didChange = new Emitter<SessionsSnapshot>();
  #snapshot: SessionsSnapshot = { phase: "unknown", sessions: [] };

  readonly onDidChange = this.#didChange.event;

  get snapshot(): SessionsSnapshot {
    return this.#snapshot;
  }

  /** The session with that id, if it is known and not over. */
  find(id: string): SessionSummary | undefined {
    return this.#snapshot.sessions.find((session) => session.id === id);
  }

  replace(snapshot: SessionsSnapshot): void {
    this.#snapshot = snapshot;
    this.#didChange.fire(snapshot);
  }
}
