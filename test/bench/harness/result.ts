import type { Ended } from "../../../scripts/support/tasks.js";
import { type Figure, isWithin } from "./figure.js";
import type { GroupName } from "./groups.js";
import type { ReportLine } from "./report.js";

/** What a group found. */
export interface GroupResult {
  readonly name: GroupName;
  readonly title: string;
  /** On what it was measured, as the group says. */
  readonly server: string;
  readonly figures: readonly Figure[];
  /** What broke, in words. */
  readonly failures: readonly string[];
  /** Bars that were missed. */
  readonly missed: number;
  readonly seconds: number;
}

/** Reads what a group has told. One that ended before its first figure has failed. */
export function resultOf(group: {
  readonly name: GroupName;
  readonly title: string;
  readonly text: string;
  readonly ended: Ended;
}): GroupResult {
  const { name, title, text, ended } = group;
  const lines = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ReportLine);
  const figures = lines.flatMap((line) => ("figure" in line ? [line.figure] : []));
  const failures = lines.flatMap((line) => ("failure" in line ? [`${name}: ${line.failure}`] : []));
  const missed = figures.filter(({ value, bar }) => bar !== undefined && !isWithin(value, bar)).length;
  if (ended.givenUp !== undefined || (!ended.ok && failures.length === 0 && missed === 0)) {
    failures.push(`${name}: ${ended.givenUp ?? "ended with an error."}`);
  }
  const server = lines.flatMap((line) => ("title" in line ? [line.title] : [])).at(0) ?? "";
  return { name, title, server, figures, failures, missed, seconds: ended.seconds };
}
