import * as l10n from "@vscode/l10n";
import type { BackendAIClient } from "../../api/index.js";
import { ForbiddenError, NotFoundError, ServerError } from "../../api/errors.js";
import { wordsFor } from "../../platform/describeError.js";
import { phaseOf } from "../../wire/status.js";
import { type LogReading, LogTail } from "./logReading.js";
import { shownLimit } from "./logText.js";
import { wordOf } from "../sessionTree.js";

/** Which log: of a container, or of the command of a batch session. */
export interface LogPlace {
  readonly kind: "container" | "task";
  readonly sessionId: string;
  /** The container; absent: the main one. A task's log always has it. */
  readonly kernelId: string | undefined;
}

/** What stands in the way of a log, in words; `isOver` when it will not come any more. */
export interface LogEnding {
  readonly note: string;
  readonly isOver: boolean;
}

const noTaskLog = l10n.t(
  "There is no log: servers keep the output of batch sessions in a virtual folder named .logs, which has to be there when the session starts.",
);

/** The newest part of a log. Rejects as the call does. */
export async function readLog(
  client: BackendAIClient,
  place: LogPlace,
  signal: AbortSignal,
): Promise<LogReading> {
  if (place.kind === "container") {
    const { kernelId } = place;
    const options = kernelId === undefined ? {} : { kernelId };
    return { text: await client.sessions.logs(place.sessionId, options, { signal }), skipped: 0 };
  }
  const tail = new LogTail(shownLimit);
  const decoder = new TextDecoder();
  for await (const piece of client.sessions.taskLogs(
    place.kernelId ?? "",
    { chunkSize: 65_536 },
    { signal },
  )) {
    tail.add(decoder.decode(piece, { stream: true }));
  }
  tail.add(decoder.decode());
  return tail.reading();
}

/**
 * How a session stands that a log is read of: nothing to say of one that runs.
 * @throws what the call throws, but for a session that is not there any more.
 */
export async function endingOf(
  client: BackendAIClient,
  { sessionId }: LogPlace,
  signal: AbortSignal,
): Promise<LogEnding | undefined> {
  try {
    const { status, statusInfo, result } = await client.sessions.summary(sessionId, { signal });
    const reason = [statusInfo, result === "undefined" ? undefined : result].filter(Boolean).join(", ");
    switch (phaseOf(status)) {
      case "ended":
      case "failed":
        return {
          note:
            reason === "" ? l10n.t("The session has ended.") : l10n.t("The session has ended: {0}.", reason),
          isOver: true,
        };
      case "ending":
        return { note: l10n.t("The session is ending."), isOver: false };
      case "waiting":
      case "starting":
        return { note: l10n.t("The session has not started yet: {0}.", wordOf(status)), isOver: false };
      case "running":
      case "unknown":
        return undefined;
    }
  } catch (error) {
    if (error instanceof NotFoundError) {
      return { note: l10n.t("The session is gone."), isOver: true };
    }
    throw error;
  }
}

/**
 * Why a log could not be read, once it is known how its session stands. Each release says it in its own way
 * (`docs/real-servers.md`): 404 before the start and after the end, 500 while a session ends.
 */
export function refusalNote(error: unknown, place: LogPlace, ending: LogEnding | undefined): LogEnding {
  if (place.kind === "task" && error instanceof NotFoundError && ending?.isOver !== false) {
    const before = ending === undefined ? "" : `${ending.note} `;
    return { note: `${before}${noTaskLog}`, isOver: true };
  }
  if (ending !== undefined && (error instanceof NotFoundError || error instanceof ServerError)) {
    const lost = ending.isOver ? `${ending.note} ${l10n.t("The server has no log of it.")}` : ending.note;
    return { note: lost, isOver: ending.isOver };
  }
  return { note: wordsFor(error), isOver: error instanceof ForbiddenError };
}
