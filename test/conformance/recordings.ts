import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod/mini";
import { defectNames } from "../../src/wire/defects.js";
import type { Outcome } from "./outcome.js";

const folder = path.join(import.meta.dirname, "recorded");

const RecordedOutcome = z.union([
  z.literal("passed"),
  /** The known defect that keeps the server from it; what it does stands in `wire/defects.ts`. */
  z.object({ defect: z.enum(defectNames) }),
  /** Why it was not asked. */
  z.object({ reason: z.string() }),
]);

const Recording = z.object({
  /** The manager's release, such as `24.09.6`. */
  manager: z.string(),
  apiVersion: z.string(),
  /** By the titles of the cases: their numbers change. */
  cases: z.record(z.string(), RecordedOutcome),
});

/** What became of a case on a real server. */
export type RecordedOutcome = z.infer<typeof RecordedOutcome>;

/** What the suite saw on a real server of one release. */
export type Recording = z.infer<typeof Recording>;

/** Everything recorded, the oldest release first. */
export function recordings(): readonly Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((file) => Recording.parse(JSON.parse(readFileSync(path.join(folder, file), "utf8"))));
}

/** What was recorded of a release; `undefined` for one that the suite has not met. */
export function recordingOf(manager: string): Recording | undefined {
  return existsSync(folder) ? recordings().find((recording) => recording.manager === manager) : undefined;
}

/** Replaces what was recorded of a release. */
export function writeRecording(recording: Recording): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `${recording.manager}.json`),
    `${JSON.stringify(recording, undefined, 2)}\n`,
  );
}

/** An outcome as it is recorded; a failure is nothing to remember. */
export function recordedOutcome(outcome: Outcome): RecordedOutcome | undefined {
  switch (outcome.status) {
    case "passed":
      return "passed";
    case "skipped":
      return outcome.defect === undefined ? { reason: outcome.reason } : { defect: outcome.defect };
    case "failed":
      return undefined;
  }
}
