import { maskText } from "../../../base/secrets/maskText.js";
import { keptOptions } from "../../history/keptOptions.js";
import type { RunHistory } from "../../history/runHistory.js";
import type { RunRecord } from "../../history/runRecord.js";
import type { RunInfo, RunObserver } from "../runner.js";

/** Writes every run down, its output as the program wrote it. */
export function historyObserver(history: RunHistory, serverOf: () => string): RunObserver {
  return async (info) => {
    const entry = await history.begin(recordOf(info, serverOf()));
    const encoder = new TextEncoder();
    return {
      event: async (event) => {
        if (event.type === "output") {
          await entry.write(event.bytes ?? encoder.encode(event.text));
        } else if (event.type === "started") {
          await entry.started(event.jobId);
        }
      },
      end: async (outcome, jobId) => {
        const exitCode = "exitCode" in outcome ? outcome.exitCode : undefined;
        await entry.close(outcome.kind === "left" ? undefined : { outcome: outcome.kind, exitCode }, jobId);
      },
    };
  };
}

/** What is known of a run when it begins. */
export function recordOf({ id, subject, session, startedAt, job }: RunInfo, server: string): RunRecord {
  const { uri, name, languageId, commandLine, fileHash, options } = subject;
  return {
    id,
    name,
    uri: uri.toString(),
    languageId,
    commandLine: maskText(commandLine),
    ...keptOptions(options),
    fileHash,
    session: { id: session.id, name: session.name },
    server,
    startedAt: startedAt.toISOString(),
    jobId: job?.id,
    endedAt: job?.endedAt?.toISOString(),
  };
}
