import * as l10n from "@vscode/l10n";
import { wordOf } from "../sessionTree.js";

/** Where a session is on its way up. */
export interface StartProgress {
  /** One of `wire/status.ts`, or one of a newer release. */
  readonly status: string;
  /** How many sessions are before it in its queue, where the server tells. */
  readonly position?: number | undefined;
  /** What it waits for, as a sentence, once that is known. */
  readonly reason?: string | undefined;
}

const words: Readonly<Record<string, string>> = {
  PENDING: l10n.t("waiting in the queue"),
  SCHEDULED: l10n.t("an agent is chosen"),
  RESERVED: l10n.t("a place is kept for it"),
  DEPRIORITIZING: l10n.t("put behind a more urgent session"),
  PREEMPTED: l10n.t("makes room for a more urgent session"),
  RESCHEDULING: l10n.t("moves to another agent"),
  PREPARING: l10n.t("preparing its container"),
  BUILDING: l10n.t("building its image"),
  PULLING: l10n.t("pulling its image, which takes minutes the first time"),
  PREPARED: l10n.t("its image is there"),
  CREATING: l10n.t("making its container"),
  RUNNING: l10n.t("running"),
};

/** A step of a start as a notification tells it: `waiting in the queue, 2 sessions before it: …`. */
export function startWords({ status, position, reason }: StartProgress): string {
  const step = words[status] ?? wordOf(status);
  const place =
    position === undefined
      ? step
      : position === 0
        ? l10n.t("{0}, next in line", step)
        : position === 1
          ? l10n.t("{0}, 1 session before it", step)
          : l10n.t("{0}, {1} sessions before it", step, position);
  return `${place}${reason === undefined ? "" : `. ${reason}`}`;
}
