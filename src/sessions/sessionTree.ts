import type { SessionSummary } from "../api/index.js";
import { formatDuration } from "../base/text.js";
import { phaseOf, type SessionPhase } from "../wire/status.js";

/** One row of the session view, without anything of VS Code. */
export interface SessionNode {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: { readonly name: string; readonly color?: string };
  /** `session.<phase>`: `session.running`, `session.waiting` … (grammar of `viewItem` in `package.json`). */
  readonly contextValue: string;
  readonly accessibleLabel: string;
}

const icons: Readonly<Record<SessionPhase, SessionNode["icon"]>> = {
  running: { name: "vm-running", color: "testing.iconPassed" },
  starting: { name: "loading~spin" },
  waiting: { name: "watch" },
  ending: { name: "loading~spin" },
  ended: { name: "circle-slash", color: "disabledForeground" },
  failed: { name: "error", color: "testing.iconFailed" },
  unknown: { name: "question" },
};

/**
 * The row of a session.
 * @param now Milliseconds since the epoch.
 */
export function sessionNode(session: SessionSummary, now: number): SessionNode {
  const phase = phaseOf(session.status);
  const image = shortImage(session.image);
  const state = phase === "running" ? "" : wordOf(session.status);
  const age = session.createdAt ? formatAge(now - session.createdAt.getTime()) : "";
  return {
    id: session.id,
    label: session.name,
    description: [state, image, age].filter((part) => part !== "").join(" · "),
    tooltip: tooltip(session),
    icon: icons[phase],
    contextValue: `session.${phase}`,
    accessibleLabel: `Session ${session.name}, ${wordOf(session.status)}, image ${image}`,
  };
}

/** An image reference without its registry and path: `python:3.11-ubuntu20.04`. */
export function shortImage(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

function tooltip(session: SessionSummary): string {
  const rows = [
    `**${escapeMarkdown(session.name)}** — ${wordOf(session.status)}`,
    `Image: \`${session.image.replaceAll("`", "")}\``,
    `Type: ${escapeMarkdown(session.type)}`,
    ...(session.createdAt ? [`Created: ${session.createdAt.toLocaleString()}`] : []),
    ...(session.statusInfo ? [`Reason: ${escapeMarkdown(session.statusInfo)}`] : []),
    `Id: \`${session.id}\``,
  ];
  return rows.join("\n\n");
}

function wordOf(status: string): string {
  return status.toLowerCase().replaceAll("_", " ");
}

/** Whole minutes are enough for a row that is not redrawn each second. */
function formatAge(ms: number): string {
  return ms < 60_000 ? "just started" : formatDuration(Math.floor(ms / 60_000) * 60_000).replace(" 0 s", "");
}

/** Server text must not become links, images or html in a tooltip. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, "\\$&");
}
