import type { SessionSummary } from "../../api/index.js";
import { endOf } from "../sessionOrder.js";
import { mostEnded, type SessionStore } from "../sessionStore.js";
import type { ScopedSessions } from "./scopedSessions.js";

const dayMs = 86_400_000;

/** How far back sessions that are over are shown, each time that more are wanted. */
const spansMs = [dayMs, 7 * dayMs, 30 * dayMs, Infinity] as const;

/** Statuses of sessions that are over, which every release knows. */
const overStatuses = ["TERMINATED", "CANCELLED"];

/** The span after this one; `undefined` after the last. */
export function widerSpanMs(spanMs: number): number | undefined {
  return spansMs.find((candidate) => candidate > spanMs);
}

/** Reads the sessions that ended within a span, page by page until they are older than that. */
export async function readEnded(
  sessions: ScopedSessions,
  store: SessionStore,
  spanMs: number = spansMs[0],
): Promise<void> {
  const { client, accessKey, signal } = sessions;
  const since = Date.now() - spanMs;
  const found = new Map<string, SessionSummary>();
  const isWithin = (session: SessionSummary): boolean => endOf(session) >= since;
  for (let offset = 0, isMore = true; isMore && found.size < mostEnded;) {
    const options = { status: overStatuses, order: "ended", accessKey, offset } as const;
    const { items, total } = await client.sessions.page(options, { signal });
    for (const session of items.filter(isWithin)) {
      found.set(session.id, session);
    }
    offset += items.length;
    // servers put those without a time of their end first: only one with a time tells that all others are older
    const isPast = items.some((session) => session.terminatedAt !== undefined && !isWithin(session));
    isMore = items.length > 0 && offset < total && !isPast;
  }
  if (sessions.isOpen) {
    store.setEnded({ phase: "ready", sessions: [...found.values()], spanMs });
  }
}
