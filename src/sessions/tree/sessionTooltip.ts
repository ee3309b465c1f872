import type { IdleCheck, SessionDetail, SessionSummary } from "../../api/index.js";
import { escapeMarkdown, labelText } from "../../base/shownText.js";
import { formatDuration } from "../../base/text.js";
import { wordOf } from "../sessionTree.js";
import { slotsInWords } from "../start/slots.js";

/** What is known of a session for its tooltip. */
export interface SessionFacts {
  readonly session: SessionSummary;
  /** Absent where the server did not tell. */
  readonly details?: SessionDetail | undefined;
  readonly digest?: string | undefined;
}

/** What a session's tooltip says, in Markdown whose only markup is ours. */
export function sessionTooltip({ session, details, digest }: SessionFacts): string {
  const { name, status, statusInfo, image, type, createdAt, terminatedAt, ownerEmail, tag, id } = session;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Reason", plain(statusInfo)],
    ["Result", session.result === "undefined" ? undefined : plain(session.result)],
    ["Image", code(image)],
    ["Digest", code(digest)],
    ["Type", plain(type)],
    ["Resources", plain(details && slotsInWords(details.requestedSlots))],
    ["Cluster", details && clusterInWords(session, details)],
    ["Folders", plain(details?.mounts.join(", "))],
    ["Resource group", plain(details?.resourceGroup)],
    ["Owner", plain(ownerEmail)],
    ["Tag", plain(tag)],
    ["Created", plain(createdAt?.toLocaleString())],
    ["Ended", plain(terminatedAt?.toLocaleString())],
    ["Id", code(id)],
  ];
  const rows = facts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]));
  const checks = Object.entries(details?.idleChecks ?? {}).flatMap(
    ([name, check]) => plain(countdown(name, check)) ?? [],
  );
  return [`**${plain(name) ?? ""}** — ${plain(wordOf(status)) ?? ""}`, ...checks, ...rows].join("  \n");
}

const endings: Readonly<Record<string, string>> = {
  session_lifetime: "Its longest life is over in",
  network_timeout: "Ends unless it is used within",
  utilization: "Ends unless it computes within",
};

/** How long a session has by one of the checks that end it. */
function countdown(name: string, { remaining, remaining_time_type: kind }: IdleCheck): string | undefined {
  if (typeof remaining !== "number") {
    return undefined;
  }
  const time = formatDuration(Math.max(0, remaining) * 1000);
  return kind === "grace_period"
    ? `${wordOf(name)} is looked at from ${time} on`
    : `${endings[name] ?? `${wordOf(name)} ends it in`} ${time}`;
}

function clusterInWords({ clusterSize }: SessionSummary, { clusterMode }: SessionDetail): string | undefined {
  const mode = clusterMode?.replace("-", " ");
  return clusterSize > 1 ? `${clusterSize} containers${mode === undefined ? "" : ` (${mode})`}` : undefined;
}

function code(text: string | undefined): string | undefined {
  return text ? `\`${labelText(text).replaceAll("`", "")}\`` : undefined;
}

/** Server text must not become links, images or html in a tooltip. */
function plain(text: string | undefined): string | undefined {
  return text ? escapeMarkdown(labelText(text)) : undefined;
}
