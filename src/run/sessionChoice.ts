import type { SessionSummary } from "../api/index.js";
import { phaseOf } from "../wire/status.js";

/** In which session a run should go. */
export type SessionChoice =
  | { readonly kind: "use"; readonly session: SessionSummary }
  | { readonly kind: "ask"; readonly candidates: readonly SessionSummary[] }
  | { readonly kind: "start" };

/**
 * Picks the session for a run: the one this workspace used last for the language, else the only running one whose image
 * suits it, else a question among those, else a new one.
 * @param suits Whether a session's image has what the language needs.
 * @param lastUsedId The session that ran this language last.
 */
export function chooseSession(
  sessions: readonly SessionSummary[],
  suits: (session: SessionSummary) => boolean,
  lastUsedId: string | undefined,
): SessionChoice {
  const running = sessions.filter(
    (session) => phaseOf(session.status) === "running" && session.type !== "batch",
  );
  const last = running.find((session) => session.id === lastUsedId);
  if (last !== undefined) {
    return { kind: "use", session: last };
  }
  const [first, ...others] = running.filter(suits);
  if (first === undefined) {
    return { kind: "start" };
  }
  return others.length === 0
    ? { kind: "use", session: first }
    : { kind: "ask", candidates: [first, ...others] };
}
