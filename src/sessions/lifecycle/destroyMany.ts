import * as l10n from "@vscode/l10n";
import { NotFoundError } from "../../api/errors.js";
import type { BackendAIClient, SessionSummary } from "../../api/index.js";

/** Requests under way at once: enough for hundreds of sessions, too few to hurt a server. */
const atOnce = 6;

/** Names that a question or a message lists. */
const namesShown = 10;

/** A session that was not ended. */
export interface DestroyFailure {
  readonly session: SessionSummary;
  readonly error: unknown;
}

/** What became of sessions that were to be destroyed. */
export interface DestroyOutcome {
  readonly destroyed: readonly SessionSummary[];
  readonly failures: readonly DestroyFailure[];
  /** Never asked for, because it was cancelled before. */
  readonly skipped: readonly SessionSummary[];
}

/** How to destroy. */
export interface DestroyOptions {
  readonly forced?: boolean;
  /** Aborting sends no further requests; those under way go on, as the server would not take them back. */
  readonly signal: AbortSignal;
  /** Told after each session: how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** Destroys sessions, a few at a time. Never rejects: each failure is in the outcome. A session that is gone counts as destroyed. */
export async function destroyMany(
  client: BackendAIClient,
  sessions: readonly SessionSummary[],
  { forced = false, signal, onProgress }: DestroyOptions,
): Promise<DestroyOutcome> {
  const destroyed: SessionSummary[] = [];
  const failures: DestroyFailure[] = [];
  const waiting = [...sessions];
  const work = async (): Promise<void> => {
    for (let session = waiting.shift(); session !== undefined; session = waiting.shift()) {
      if (signal.aborted) {
        waiting.unshift(session);
        return;
      }
      try {
        await client.sessions.destroy(session.id, { forced });
        destroyed.push(session);
      } catch (error) {
        if (isGone(error)) {
          destroyed.push(session);
        } else {
          failures.push({ session, error });
        }
      }
      onProgress?.(destroyed.length + failures.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { destroyed, failures, skipped: waiting };
}

/** Whether the server knows no such session. A 404 of something in between, without a problem, says nothing of the session. */
function isGone(error: unknown): boolean {
  return (
    error instanceof NotFoundError && error.slug !== undefined && error.slug !== "too-many-sessions-matched"
  );
}

/** `session a`, or `3 sessions`. */
export function sessionsInWords(sessions: readonly SessionSummary[]): string {
  return sessions.length === 1
    ? l10n.t("session {0}", sessions[0]?.name ?? "")
    : l10n.t("{0} sessions", sessions.length);
}

/** The first names, and how many more there are; empty for one, whose name is said already. */
export function namesOf(sessions: readonly SessionSummary[]): string {
  return sessions.length < 2 ? "" : firstOf(sessions.map(({ name }) => name));
}

/** What failed, with its reasons, in one message: sessions that failed for the same reason share it. */
export function failuresInWords(
  { destroyed, failures }: DestroyOutcome,
  words: (error: unknown) => string,
): string {
  const byReason = new Map<string, string[]>();
  for (const { session, error } of failures) {
    const reason = words(error);
    byReason.set(reason, [...(byReason.get(reason) ?? []), session.name]);
  }
  const parts = [...byReason].map(([reason, names]) => `${firstOf(names)}: ${reason}`);
  const total = destroyed.length + failures.length;
  const count =
    total === 1
      ? l10n.t("The session was not destroyed.")
      : l10n.t("{0} of {1} sessions were not destroyed.", failures.length, total);
  return `${count} ${parts.join(" ")}`;
}

function firstOf(names: readonly string[]): string {
  const more = names.length - namesShown;
  const first = names.slice(0, namesShown).join(", ");
  return more > 0 ? l10n.t("{0} and {1} more", first, more) : first;
}
