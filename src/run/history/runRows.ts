import * as l10n from "@vscode/l10n";
import { formatDuration } from "../../base/text.js";
import type { FoundJob } from "../background/foundJob.js";
import type { RunRecord } from "./runRecord.js";

/** A run as a row of the view. */
export interface RunRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: { readonly name: string; readonly color?: string };
  /** `run.active`, `run.going`, `run.found` (over, known to its session alone) or `run.past`. */
  readonly contextValue: string;
  readonly record?: RunRecord;
  readonly found?: FoundJob;
}

/** What rows are made of. */
export interface RunRowParts {
  readonly records: readonly RunRecord[];
  readonly found: readonly FoundJob[];
  /** Ids of runs that this window shows in a terminal. */
  readonly active: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The runs, the newest first: those of this computer, and those that sessions know beside them. */
export function runRows({ records, found, active, now }: RunRowParts): readonly RunRow[] {
  const byJob = new Map(found.map((job) => [job.job.id, job]));
  const own = records.map((record) => ({
    startedAt: record.startedAt,
    row: recordRow(record, byJob.get(record.jobId ?? ""), { isActive: active.has(record.id), now }),
  }));
  const known = new Set(records.map(({ jobId }) => jobId));
  const foreign = found
    .filter(({ job }) => !known.has(job.id))
    .map((job) => ({ startedAt: job.note.startedAt, row: foundRow(job, now) }));
  return [...own, ...foreign].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).map(({ row }) => row);
}

function recordRow(
  record: RunRecord,
  found: FoundJob | undefined,
  { isActive, now }: { readonly isActive: boolean; readonly now: number },
): RunRow {
  const startedAt = Date.parse(record.startedAt);
  const endedAt = record.endedAt === undefined ? undefined : Date.parse(record.endedAt);
  const isGoing = endedAt === undefined && (isActive || found?.job.state === "running");
  const state = isActive ? l10n.t("running") : isGoing ? l10n.t("in background") : endWords(record);
  return {
    id: record.id,
    label: record.name,
    description: `${state} · ${formatDuration((endedAt ?? now) - startedAt)} · ${record.session.name}`,
    tooltip: [
      `$ ${record.commandLine}`,
      l10n.t("{0} on {1}", record.session.name, record.server),
      l10n.t("Started {0}: {1}", new Date(startedAt).toLocaleString(), state),
      l10n.t("File {0}", record.fileHash.slice(0, 12)),
    ].join("\n"),
    icon: isGoing ? goingIcon : endIcon(record),
    contextValue: isActive ? "run.active" : isGoing ? "run.going" : "run.past",
    record,
    ...(found && { found }),
  };
}

function foundRow(found: FoundJob, now: number): RunRow {
  const { job, note, session } = found;
  const isGoing = job.state === "running";
  const state = isGoing
    ? l10n.t("in background")
    : job.exitCode === undefined
      ? l10n.t("lost")
      : l10n.t("exit code {0}", job.exitCode);
  const elapsed = (job.endedAt?.getTime() ?? now) - job.startedAt.getTime();
  return {
    id: `job:${job.id}`,
    label: note.name,
    description: `${state} · ${formatDuration(Math.max(0, elapsed))} · ${session.name}`,
    tooltip: `$ ${note.commandLine}\n${l10n.t("{0}, started from another window or computer", session.name)}`,
    icon: isGoing ? goingIcon : exitIcon(job.exitCode),
    contextValue: isGoing ? "run.going" : "run.found",
    found,
  };
}

const goingIcon = { name: "loading~spin" };

function endWords({ outcome, exitCode, endedAt }: RunRecord): string {
  if (endedAt === undefined) {
    return l10n.t("end not known");
  }
  switch (outcome) {
    case "finished":
      return exitCode === undefined ? l10n.t("ended") : l10n.t("exit code {0}", exitCode);
    case "buildFailed":
      return l10n.t("build failed");
    case "stopped":
      return l10n.t("stopped");
    case "abandoned":
      return l10n.t("left alone");
    case "timedOut":
      return l10n.t("timed out");
    case "lost":
      return l10n.t("lost with its session");
    default:
      return l10n.t("failed");
  }
}

function endIcon({ outcome, exitCode, endedAt }: RunRecord): RunRow["icon"] {
  if (endedAt === undefined || outcome === "lost") {
    return { name: "question" };
  }
  return outcome === "stopped" ? { name: "debug-stop" } : exitIcon(outcome === "finished" ? exitCode : 1);
}

function exitIcon(exitCode: number | undefined): RunRow["icon"] {
  return exitCode === 0
    ? { name: "pass", color: "testing.iconPassed" }
    : { name: "error", color: "testing.iconFailed" };
}
