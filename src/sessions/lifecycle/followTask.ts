import * as l10n from "@vscode/l10n";
import { NetworkError, NotFoundError, StreamClosedError, TimeoutError } from "../../api/errors.js";
import type { BackendAIClient, BackgroundTaskEvent } from "../../api/index.js";
import { delay } from "../../base/abort.js";
import { backoffMs } from "../../base/backoff.js";
import { BackendAIError } from "../../base/errors.js";

/** Waits before the stream is opened again, and how often without a word in between. */
const reconnection = { firstMs: 500, longestMs: 10_000 };
const mostLosses = 8;

/** A background task of the server did not succeed, or was lost sight of. */
export class TaskFailedError extends BackendAIError {
  readonly code = "TASK_FAILED";
}

/** How a task is followed. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  /** How far it is: a word of the server, and the share that is done where it tells, from 0 to 1. */
  readonly onProgress?: (message: string, done: number | undefined) => void;
}

/**
 * Follows a background task to its end, over lost connections as well: a task that has ended meanwhile says so when it is asked again.
 * @returns The server's last word.
 * @throws {TaskFailedError} when it failed or was cancelled, or the server knows it no longer.
 * @throws {NetworkError} and the like after several losses in a row.
 */
export async function followTask(
  client: BackendAIClient,
  taskId: string,
  { signal, onProgress }: FollowOptions,
): Promise<string> {
  let hasBegun = false;
  for (let losses = 0; ; losses += 1) {
    try {
      for await (const event of client.events.backgroundTask(taskId, { signal })) {
        losses = 0;
        hasBegun = true;
        const end = endOf(event);
        if (end !== undefined) {
          return end;
        }
        onProgress?.(event.message ?? "", shareOf(event));
      }
      throw new StreamClosedError(undefined, l10n.t("The server told no end of the task."));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotFoundError && hasBegun) {
        throw new TaskFailedError(
          l10n.t("The server has forgotten the task: whether it was done is not known."),
          { cause: error },
        );
      }
      if (!isLoss(error) || losses >= mostLosses) {
        throw error;
      }
      await delay(backoffMs(losses, reconnection, Math.random()), signal);
    }
  }
}

/** The last word of a task that is over; `undefined` while it goes on. */
function endOf({ state, message }: BackgroundTaskEvent): string | undefined {
  const words = message ?? "";
  switch (state) {
    case "done":
      return words;
    case "failed":
      throw new TaskFailedError(words === "" ? l10n.t("The server gave no reason.") : words);
    case "cancelled":
      throw new TaskFailedError(l10n.t("The server cancelled it."));
    default:
      return undefined;
  }
}

function shareOf({ current, total }: BackgroundTaskEvent): number | undefined {
  return current === undefined || total === undefined || total <= 0
    ? undefined
    : Math.min(1, current / total);
}

function isLoss(error: unknown): boolean {
  return error instanceof NetworkError || error instanceof StreamClosedError || error instanceof TimeoutError;
}
