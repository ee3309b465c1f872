import type { Session } from "./session.js";

/** When sessions are ended by themselves; milliseconds, 0: never. */
export interface IdleLimits {
  readonly idleTimeoutMs: number;
  readonly lifetimeMs: number;
}

/** Seconds until a moment; servers say −1 for one that has passed. */
function secondsUntil(moment: number): number {
  const left = (moment - Date.now()) / 1000;
  return left > 0 ? left : -1;
}

/** Whether nothing happens in a session, so that its time runs out. Batch sessions are never idle. */
export function isIdle({ spec, execution }: Session): boolean {
  return spec.type === "interactive" && execution?.isBusy !== true;
}

/**
 * `idle_checks` of a session (`protocol.md` §3.6). The lifetime check is the one that every server reports; without a limit, and while
 * a session works, nothing remains to be told.
 */
export function idleChecks(session: Session): Record<string, unknown> {
  const { limits, startedAt } = session;
  const { idleTimeoutMs, lifetimeMs } = limits;
  const isRunning = session.status === "RUNNING" && startedAt !== undefined;
  const report = (remaining: number | null): Record<string, unknown> => ({
    remaining,
    remaining_time_type: "expire_after",
    extra: null,
  });
  const lifetime = isRunning && lifetimeMs > 0 ? secondsUntil(startedAt.getTime() + lifetimeMs) : null;
  const idle = isRunning && isIdle(session) ? secondsUntil(session.lastActivity + idleTimeoutMs) : null;
  return {
    ...(idleTimeoutMs > 0 ? { network_timeout: report(idle) } : {}),
    session_lifetime: report(lifetime),
  };
}
