import * as l10n from "@vscode/l10n";
import { relativeName } from "../../api/index.js";
import { abortable, anySignal, within } from "../../base/abort.js";
import { NetworkError, TimeoutError } from "../../base/errors.js";
import { inLanes } from "./lanes.js";
import type { OutgoingFile, SendOptions } from "./outgoingFile.js";
import { FileWriter, RemoteWriteError } from "../sftp/fileWriter.js";
import { RemoteFiles } from "../sftp/remoteFiles.js";
import type { SftpRequests } from "../sftp/sftpRequests.js";

/** Until what was begun is removed after a failure, in milliseconds. */
const tidyMs = 2000;

/** A larger file travels alone, in bytes: what is on its way is in memory. */
const largeBytes = 4 * 1024 * 1024;

/** Files that travel side by side, so that a far server is not waited for file by file. */
const lanes = 16;

/** Requests on their way for one file: of many, or of the only one. */
const requestsOfMany = 8;
const requestsOfOne = 64;

/** What a server's own upload may still do. */
export interface SftpOutcome {
  /** Files that the session's user may not write, with the reason. */
  readonly denied: ReadonlyMap<OutgoingFile, RemoteWriteError>;
}

/**
 * Writes files into a session by SFTP: each whole and at once for whoever reads it, of any size. Aborted, it leaves what was
 * written and removes what was begun.
 * @throws {UnsafePathError} before anything is written.
 * @throws {RemoteWriteError}
 * @throws {UploadLostError}
 * @throws {NetworkError} names the file, as
 * @throws {TimeoutError} does.
 */
export async function sendBySftp(
  requests: SftpRequests,
  files: readonly OutgoingFile[],
  options: SendOptions,
): Promise<SftpOutcome> {
  const named = new Map(files.map((file) => [relativeName(file.path), file])); // of two with one name the last one counts
  const failed = new AbortController();
  const signal = anySignal(options.signal, failed.signal) ?? failed.signal;
  const writer = new FileWriter(new RemoteFiles(requests), signal);
  const work = sendAll(named, { writer, failed, options });
  try {
    return await abortable(work, options.signal);
  } catch (error) {
    // The writer removes what was begun when nothing of it is under way any more.
    await within(work, tidyMs, "total", "Tidying up").catch(() => undefined); // for programs
    throw error;
  }
}

interface Sending {
  readonly writer: FileWriter;
  /** Aborted by the first failure, so that all others stop. */
  readonly failed: AbortController;
  readonly options: SendOptions;
}

/** Settles when nothing is under way any more. */
async function sendAll(files: ReadonlyMap<string, OutgoingFile>, sending: Sending): Promise<SftpOutcome> {
  const { writer, failed, options } = sending;
  const denied = new Map<OutgoingFile, RemoteWriteError>();
  let sent = 0;
  const send = async ([name, file]: readonly [string, OutgoingFile], atOnce: number): Promise<void> => {
    try {
      failed.signal.throwIfAborted();
      await writer.write(name, await file.read(), atOnce);
      sent += 1;
      options.onProgress?.(sent);
    } catch (error) {
      if (error instanceof RemoteWriteError && error.isDenied) {
        denied.set(file, error);
      } else {
        failed.abort(naming(name, error));
      }
    }
  };
  const small = [...files].filter(([, { size }]) => size <= largeBytes);
  await inLanes(small, lanes, async (file) => send(file, requestsOfMany));
  for (const file of [...files].filter(([, { size }]) => size > largeBytes)) {
    await send(file, requestsOfOne);
  }
  failed.signal.throwIfAborted();
  return { denied };
}

/** What broke the connection does not know of files. */
function naming(file: string, error: unknown): unknown {
  if (error instanceof TimeoutError) {
    return new TimeoutError(error.phase, error.ms, l10n.t("Sending {0}", file), { cause: error });
  }
  return error instanceof NetworkError
    ? new NetworkError(l10n.t("{0} could not be sent: {1}", file, error.message), error.reason, {
        cause: error,
      })
    : error;
}
