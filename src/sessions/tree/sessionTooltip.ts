import * as l10n from "@vscode/l10n";
import type { IdleCheck, SessionDetail, SessionSummary } from "../../api/index.js";
import { codeSpan, escapeMarkdown, labelText } from "../../base/shownText.js";
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
    [l10n.t("Reason"), plain(statusInfo)],
    [l10n.t("Result"), session.result === "undefined" ? undefined : plain(session.result)],
    [l10n.t("Image"), code(image)],
    [l10n.t("Digest"), code(digest)],
    [l10n.t("Type"), plain(type)],
    [l10n.t("Resources"), plain(details && slotsInWords(details.requestedSlots))],
    [l10n.t("Cluster"), details && clusterInWords(session, details)],
    [l10n.t("Folders"), plain(details?.mounts.join(", "))],
    [l10n.t("Resource group"), plain(details?.resourceGroup)],
    [l10n.t("Owner"), plain(ownerEmail)],
    [l10n.t("Tag"), plain(tag)],
    [l10n.t("Created"), plain(createdAt?.toLocaleString())],
    [l10n.t("Ended"), plain(terminatedAt?.toLocaleString())],
    [l10n.t("Id"), code(id)],
  ];
  const rows = facts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]));
  const checks = Object.entries(details?.idleChecks ?? {}).flatMap(
    ([name, check]) => plain(countdown(name, check)) ?? [],
  );
  return [`**${plain(name) ?? ""}** — ${plain(wordOf(status)) ?? ""}`, ...checks, ...rows].join("  \n");
}

const endings: Readonly<Record<string, (time: string) => string>> = {
  session_lifetime: (time) => l10n.t("Its longest life is over in {0}", time),
  network_timeout: (time) => l10n.t("Ends unless it is used within {0}", time),
  utilization: (time) => l10n.t("Ends unless it computes within {0}", time),
};

/** How long a session has by one of the checks that end it. */
function countdown(name: string, { remaining, remaining_time_type: kind }: IdleCheck): string | undefined {
  if (typeof remaining !== "number") {
    return undefined;
  }
  const time = formatDuration(Math.max(0, remaining) * 1000);
  return kind === "grace_period"
    ? l10n.t("{0} is looked at from {1} on", wordOf(name), time)
    : (endings[name]?.(time) ?? l10n.t("{0} ends it in {1}", wordOf(name), time));
}

function clusterInWords({ clusterSize }: SessionSummary, { clusterMode }: SessionDetail): string | undefined {
  const mode = clusterMode?.replace("-", " ");
  if (clusterSize < 2) {
    return undefined;
  }
  return mode === undefined
    ? l10n.t("{0} containers", clusterSize)
    : l10n.t("{0} containers ({1})", clusterSize, mode);
}

function code(text: string | undefined): string | undefined {
  return text ? codeSpan(labelText(text)) : undefined;
}

/** Server text must not become links, images or html in a tooltip. */
function plain(text: string | undefined): string | undefined {
  return text ? escapeMarkdown(labelText(text)) : undefined;
}
