import type { SessionSummary } from "../../api/index.js";
import type { SessionPhase } from "../../wire/status.js";

/** Sessions of one state; the ids of rows and `viewItem` have its name. */
export type SessionGroup = SessionPhase;

/** The row of a session. It is the same object as long as the session is there: VS Code knows rows by their objects. */
export interface SessionItem {
  readonly kind: "session";
  /** The session's id. */
  readonly id: string;
  session: SessionSummary;
}

/** The row above the sessions of one state. */
export interface GroupItem {
  readonly kind: "group";
  readonly group: SessionGroup;
}

/** The row after the sessions of a group that are shown, where there are more. */
export interface MoreItem {
  readonly kind: "more";
  readonly group: SessionGroup;
}

/** A row of the view that is not under a session. */
export type TreeItem = SessionItem | GroupItem | MoreItem;

/** Whether a row is that of a session. */
export function isSessionItem(value: unknown): value is SessionItem {
  return isTreeItem(value) && value.kind === "session";
}

/** Whether a row is one after which there are more. */
export function isMoreItem(value: unknown): value is MoreItem {
  return isTreeItem(value) && value.kind === "more";
}

function isTreeItem(value: unknown): value is TreeItem {
  return typeof value === "object" && value !== null && "kind" in value;
}
