import type { SessionSummary } from "../api/index.js";
import { phaseOf, type SessionPhase } from "../wire/status.js";

/** What a person looks for first comes first. */
export const phaseOrder: readonly SessionPhase[] = [
  "running",
  "starting",
  "waiting",
  "failed",
  "unknown",
  "ending",
  "ended",
];

/** Running first, then those that start, wait, fail and end; the newest first among equals. */
export function byPhaseThenAge(a: SessionSummary, b: SessionSummary): number {
  return phaseOrder.indexOf(phaseOf(a.status)) - phaseOrder.indexOf(phaseOf(b.status)) || byAge(a, b);
}

/** The newest first; those of one moment by their ids, so that the order is one. */
export function byAge(a: SessionSummary, b: SessionSummary): number {
  const ages = timeOf(b.createdAt) - timeOf(a.createdAt);
  return ages || (a.id < b.id ? -1 : a.id === b.id ? 0 : 1);
}

/** What ended last first. */
export function byEnd(a: SessionSummary, b: SessionSummary): number {
  return endOf(b) - endOf(a) || byAge(a, b);
}

/** When a session ended, in milliseconds since the epoch; when it began, where its server does not tell its end. */
export function endOf({ terminatedAt, createdAt }: SessionSummary): number {
  return timeOf(terminatedAt ?? createdAt);
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}
