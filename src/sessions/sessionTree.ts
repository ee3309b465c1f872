import * as l10n from "@vscode/l10n";
import type { SessionSummary } from "../api/index.js";
import { formatDuration } from "../base/text.js";
import { phaseOf, type SessionPhase } from "../wire/status.js";
import type { SessionGroup } from "./tree/sessionRows.js";

/** The looks of a row of the session view, without anything of VS Code. */
export interface SessionNode {
  /** The same as long as the row is there, and no other row's. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon?: { readonly name: string; readonly color?: string };
  /** `session.<phase>`, `group.<phase>` or `more`: the grammar of `viewItem` in `package.json` (`sessions/README.md`). */
  readonly contextValue: string;
  readonly accessibleLabel: string;
}

const icons: Readonly<Record<SessionPhase, SessionNode["icon"]>> = {
  running: { name: "vm-running", color: "testing.iconPassed" },
  starting: { name: "loading~spin" },
  waiting: { name: "watch", color: "charts.yellow" },
  ending: { name: "loading~spin" },
  ended: { name: "circle-slash", color: "disabledForeground" },
  failed: { name: "error", color: "testing.iconFailed" },
  unknown: { name: "question" },
};

/** What a state is called above the sessions that are in it. */
const titles: Readonly<Record<SessionGroup, string>> = {
  running: l10n.t("Running"),
  starting: l10n.t("Starting"),
  waiting: l10n.t("Waiting"),
  failed: l10n.t("Failed"),
  unknown: l10n.t("Other"),
  ending: l10n.t("Ending"),
  ended: l10n.t("Ended"),
};

/** Statuses that the group or the icon says as well. */
const saysNothing = new Set(["RUNNING", "TERMINATED"]);

/** How a session's row looks. */
export interface SessionLooks {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether it says whose it is. */
  readonly showsOwner?: boolean;
}

/** The row of a session. */
export function sessionNode(session: SessionSummary, { now, showsOwner = false }: SessionLooks): SessionNode {
  const phase = phaseOf(session.status);
  const image = shortImage(session.image);
  const state = saysNothing.has(session.status) ? "" : wordOf(session.status);
  const size = session.clusterSize > 1 ? l10n.t("{0} containers", session.clusterSize) : "";
  const owner = showsOwner ? (session.ownerEmail ?? session.accessKey ?? "") : "";
  return {
    id: phase === "ended" ? `ended:${session.id}` : session.id,
    label: session.name,
    description: inWords([owner, state, image, size, ageOf(session, now)]),
    ...iconOf(phase),
    contextValue: `session.${phase}`,
    accessibleLabel:
      owner === ""
        ? l10n.t("Session {0}, {1}, image {2}", session.name, wordOf(session.status), image)
        : l10n.t("Session {0}, {1}, image {2}, of {3}", session.name, wordOf(session.status), image, owner),
  };
}

/** The row above the sessions of a state; without a count they are not known yet. */
export function groupNode(group: SessionGroup, count: number | undefined): SessionNode {
  const title = titles[group];
  return {
    id: `group.${group}`,
    label: title,
    description: count === undefined ? "" : count.toLocaleString("en"),
    contextValue: `group.${group}`,
    accessibleLabel:
      count === undefined
        ? l10n.t({ message: "{0} sessions", args: [title], comment: ["{0} is a state, such as Running"] })
        : count === 1
          ? l10n.t("{0}: 1 session", title)
          : l10n.t("{0}: {1} sessions", title, count),
  };
}

const dayMs = 86_400_000;

/** What a row has to say that stands for more sessions. */
export interface MoreLooks {
  /** Sessions that are known and not shown. */
  readonly hidden: number;
  /** How far back is asked next, in milliseconds, where the sessions are not known yet. */
  readonly spanMs: number | undefined;
}

/** The row after those that are shown: a click on it shows more of the group, or of the time before. */
export function moreNode(group: SessionGroup, { hidden, spanMs = Infinity }: MoreLooks): SessionNode {
  const days = spanMs / dayMs;
  const label =
    hidden > 0
      ? l10n.t("Show more")
      : days === Infinity
        ? l10n.t("Show all")
        : days === 1
          ? l10n.t("Show last 1 day")
          : l10n.t("Show last {0} days", days);
  return {
    id: `more.${group}`,
    label,
    description: hidden > 0 ? l10n.t("{0} hidden", hidden.toLocaleString("en")) : "",
    icon: { name: "ellipsis" },
    contextValue: "more",
    accessibleLabel:
      hidden > 0
        ? l10n.t("Show more sessions, {0} are hidden", hidden)
        : l10n.t("{0} of sessions that ended", label),
  };
}

/** An image reference without its registry and path: `python:3.11-ubuntu20.04`. */
export function shortImage(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

const statusWords: Readonly<Record<string, string>> = {
  PENDING: l10n.t("pending"),
  SCHEDULED: l10n.t("scheduled"),
  DEPRIORITIZING: l10n.t("deprioritizing"),
  RESERVED: l10n.t("reserved"),
  PREPARING: l10n.t("preparing"),
  BUILDING: l10n.t("building"),
  PULLING: l10n.t("pulling"),
  PREPARED: l10n.t("prepared"),
  CREATING: l10n.t("creating"),
  RUNNING: l10n.t("running"),
  RUNNING_DEGRADED: l10n.t("running degraded"),
  RESTARTING: l10n.t("restarting"),
  RESIZING: l10n.t("resizing"),
  SUSPENDED: l10n.t("suspended"),
  PREEMPTED: l10n.t("preempted"),
  RESCHEDULING: l10n.t("rescheduling"),
  TERMINATING: l10n.t("terminating"),
  TERMINATED: l10n.t("terminated"),
  ERROR: l10n.t("error"),
  CANCELLED: l10n.t("cancelled"),
};

/** `PULLING` → `pulling`, in the person's language; one of a newer release as it is called. */
export function wordOf(status: string): string {
  return statusWords[status] ?? status.toLowerCase().replaceAll("_", " ");
}

/** The icon of a session or a container in that phase. */
export function iconOf(phase: SessionPhase): Pick<SessionNode, "icon"> {
  const icon = icons[phase];
  return icon === undefined ? {} : { icon };
}

/** What there is to say of several things, without those of which there is nothing. */
export function inWords(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** How long it lives, or how long ago it ended. */
function ageOf({ status, createdAt, terminatedAt }: SessionSummary, now: number): string {
  if (phaseOf(status) === "ended") {
    const ms = now - (terminatedAt?.getTime() ?? NaN);
    return Number.isNaN(ms)
      ? ""
      : ms < 60_000
        ? l10n.t("ended just now")
        : l10n.t("ended {0} ago", formatAge(ms));
  }
  const ms = now - (createdAt?.getTime() ?? NaN);
  return Number.isNaN(ms) ? "" : ms < 60_000 ? l10n.t("just started") : formatAge(ms);
}

/** Whole minutes are enough for a row that is not redrawn each second; whole days, after two of them. */
function formatAge(ms: number): string {
  if (ms >= 2 * dayMs) {
    return l10n.t("{0} days", Math.floor(ms / dayMs));
  }
  return formatDuration(Math.floor(ms / 60_000) * 60_000).replace(" 0 s", "");
}
