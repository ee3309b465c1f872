import { randomUUID } from "node:crypto";
import path from "node:path";
import type { Disposable } from "../../base/lifecycle.js";
import { toDisposable } from "../../base/lifecycle.js";
import type { Era } from "../era.js";
import type { EventBus } from "../events/eventBus.js";
import { Refusal } from "../http/refusal.js";
import { type IdleLimits, isIdle } from "./idleChecks.js";
import type { SessionLifecycle } from "./lifecycle.js";
import { Scheduler } from "./scheduler.js";
import { Session, type SessionSpec } from "./session.js";
import type { SessionStore } from "./sessionStore.js";

/** Limits of the engine's one user. 0 means: no limit. */
export interface SessionLimits extends IdleLimits {
  /** Sessions that may exist at once; more are refused. */
  readonly maxSessions: number;
  /** Sessions that may run at once; more wait in the queue. */
  readonly concurrency: number;
  /** An interactive session in which nothing has happened for so long ends. */
  readonly idleTimeoutMs: number;
  /** A session that has run for so long ends. */
  readonly lifetimeMs: number;
}

/** What `Sessions` is made of. */
export interface SessionsParts {
  readonly era: Era;
  readonly store: SessionStore;
  readonly lifecycle: SessionLifecycle;
  readonly events: EventBus;
  readonly sessionsDir: string;
  readonly limits: SessionLimits;
}

/** The sessions: created, waited for, ended. */
export class Sessions implements Disposable {
  readonly #scheduler: Scheduler;
  readonly #sweep: NodeJS.Timeout | undefined;
  readonly #heard: Disposable;

  constructor(readonly parts: SessionsParts) {
    const { concurrency, idleTimeoutMs, lifetimeMs } = parts.limits;
    this.#scheduler = new Scheduler(parts.store, parts.lifecycle, concurrency || Number.POSITIVE_INFINITY);
    // Sessions also end by themselves, and others may wait for their place or for their success.
    this.#heard = parts.events.event(({ sessionId }) => {
      if (parts.store.byId(sessionId)?.isDead === true) {
        this.#scheduler.schedule();
      }
    });
    const shortest = Math.min(
      idleTimeoutMs || Number.POSITIVE_INFINITY,
      lifetimeMs || Number.POSITIVE_INFINITY,
    );
    if (Number.isFinite(shortest)) {
      const everyMs = Math.min(Math.max(shortest / 10, 20), 10_000);
      this.#sweep = setInterval(() => this.#endOverdue(), everyMs);
      this.#sweep.unref();
    }
  }

  get store(): SessionStore {
    return this.parts.store;
  }

  /**
   * Puts a session into the queue; it starts as soon as there is a place.
   * @throws {Refusal} quota-exceeded.
   */
  create(spec: SessionSpec): Session {
    const { era, store, lifecycle, sessionsDir, limits } = this.parts;
    if (limits.maxSessions > 0 && store.live().length >= limits.maxSessions) {
      throw new Refusal("quota", {
        msg: `You cannot run more than ${String(limits.maxSessions)} concurrent sessions`,
      });
    }
    const id = randomUUID();
    const kernelId = era.rules.session.kernelIsSession ? id : randomUUID();
    const folder = `${spec.name.replaceAll(/[^\w.-]/g, "_").slice(0, 64)}-${id.slice(0, 8)}`;
    const base = path.join(sessionsDir, folder);
    const session = new Session(id, kernelId, spec, path.join(base, "work"), path.join(base, "state"));
    session.limits = limits;
    store.add(session);
    lifecycle.enqueue(session);
    this.#scheduler.schedule();
    return session;
  }

  /** Ends a session however far it has come. */
  async destroy(session: Session, reason: string): Promise<"cancelled" | "terminated"> {
    const isWaiting = session.status === "PENDING";
    await (isWaiting
      ? this.parts.lifecycle.cancel(session, reason)
      : this.parts.lifecycle.terminate(session, reason));
    return isWaiting ? "cancelled" : "terminated";
  }

  /**
   * Waits until a session runs or has ended.
   * @param maxWaitMs 0 waits as long as it takes.
   * @returns its status, or `TIMEOUT`.
   */
  async untilStarted(session: Session, maxWaitMs: number, signal: AbortSignal): Promise<string> {
    const isSettled = (): boolean => session.status === "RUNNING" || session.isDead;
    if (isSettled()) {
      return session.status;
    }
    return new Promise<string>((resolve) => {
      const settle = (status: string): void => {
        heard.dispose();
        clearTimeout(timer);
        signal.removeEventListener("abort", onGone);
        resolve(status);
      };
      const onGone = (): void => settle(session.status);
      const heard = this.onDidChange(session, () => {
        if (isSettled()) {
          settle(session.status);
        }
      });
      const timer = maxWaitMs > 0 ? setTimeout(() => settle("TIMEOUT"), maxWaitMs) : undefined;
      signal.addEventListener("abort", onGone, { once: true });
    });
  }

  /** Calls `listener` after every change of one session's status. */
  onDidChange(session: Session, listener: () => void): Disposable {
    // Not every era announces every status, so a coarse look beside the events.
    const heard = this.parts.events.event((event) => {
      if (event.sessionId === session.id) {
        listener();
      }
    });
    const look = setInterval(listener, 50);
    return toDisposable(() => {
      heard.dispose();
      clearInterval(look);
    });
  }

  /** Ends all sessions because the engine stops. */
  async disposeAll(): Promise<void> {
    this.dispose();
    await Promise.all(this.store.live().map((session) => this.parts.lifecycle.abandon(session)));
  }

  dispose(): void {
    clearInterval(this.#sweep);
    this.#heard.dispose();
    this.#scheduler.dispose();
  }

  #endOverdue(): void {
    const { idleTimeoutMs, lifetimeMs } = this.parts.limits;
    const now = Date.now();
    for (const session of this.store.live()) {
      if (session.status !== "RUNNING" || session.startedAt === undefined) {
        continue;
      }
      const isOverdue = isIdle(session) && now - session.lastActivity >= idleTimeoutMs;
      if (lifetimeMs > 0 && now - session.startedAt.getTime() >= lifetimeMs) {
        void this.destroy(session, "idle-session-lifetime");
      } else if (idleTimeoutMs > 0 && isOverdue) {
        void this.destroy(session, "idle-timeout");
      }
    }
  }
}
