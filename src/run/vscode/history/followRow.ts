import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { connectWithProgress } from "../../../account/vscode/connectWithProgress.js";
import { ConfigurationError } from "../../../base/errors.js";
import { expectRunning } from "../../../sessions/sessionPresence.js";
import type { RunRow } from "../../history/runRows.js";
import type { RunSubject } from "../runDocument.js";
import type { RunsCommandDeps } from "./runsCommands.js";

/**
 * Follows a run that goes on by itself, or shows once more one that is over and whose session still has its output.
 * @throws {ConfigurationError} for a run that no session has.
 * @throws {SessionOverError}
 */
export async function followRow(
  { account, runs, runner }: Pick<RunsCommandDeps, "account" | "runs" | "runner">,
  row: RunRow,
  signal: AbortSignal,
): Promise<void> {
  const { record, found, label } = row;
  const jobId = record?.jobId ?? found?.job.id;
  const where = record?.session ?? found?.session;
  if (jobId === undefined || where === undefined) {
    throw new ConfigurationError(
      "run",
      l10n.t("{0} was run by the server itself: nothing can follow it now.", label),
    );
  }
  const client = await connectWithProgress(account, signal);
  await expectRunning(client, where, signal);
  const session = await client.sessions.summary(where.id, { signal });
  const startedAt = new Date(record?.startedAt ?? found?.note.startedAt ?? Date.now());
  const info = runner.infoOf(subjectOf(row), { client, session }, startedAt);
  const endedAt = record?.endedAt === undefined ? found?.job.endedAt : new Date(record.endedAt);
  const job = { id: jobId, endedAt };
  runs.follow({ ...info, ...(record && { id: record.id }), job }, jobId);
}

function subjectOf({ record, found, label }: Partial<RunRow>): RunSubject {
  const source = record ?? found?.note;
  return {
    uri: vscode.Uri.parse(source?.uri ?? "", false),
    name: source?.name ?? label ?? "run",
    languageId: source?.languageId ?? "",
    commandLine: source?.commandLine ?? "",
    fileHash: record?.fileHash ?? "",
    options: record?.options ?? {},
    remotePath: undefined,
  };
}
