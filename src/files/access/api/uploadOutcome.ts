import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import { delay, isAbort } from "../../../base/abort.js";
import { describeError } from "../../../platform/describeError.js";
import { isGivenUp } from "../../sftp/sftpRequests.js";
import type { FileInfo } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { apiFailure } from "./apiErrors.js";
import { uploaded, type WrittenFile } from "./writtenFile.js";

/** For finding out what is there and for putting the old bytes back, also after an abort, in milliseconds. */
const settleMs = 30_000;

/** The server may be in the middle of writing: what is neither old nor new counts once it has stayed so, in milliseconds. */
const stillMs = 1500;

/** An upload that failed, or whose end nobody heard of. */
export interface FailedUpload {
  readonly file: WrittenFile;
  /** Absolute in the session. */
  readonly path: string;
  /** What was there before; `undefined` when nothing was. */
  readonly old: Buffer | undefined;
  /** What was sent. */
  readonly bytes: Buffer;
  readonly cause: unknown;
}

/** What is at the path. */
interface Content {
  readonly info: FileInfo | undefined;
  readonly bytes: Buffer | undefined;
}

/**
 * What an upload came to that failed: what was sent is there after all, or the old bytes are, perhaps put back. What somebody else
 * has written meanwhile is left alone.
 * @returns What is there, where that is what was sent.
 * @throws The cause, where the old bytes are there and nothing is on its way any more.
 * @throws {FileAccessError} (`lost`) where what was sent may yet arrive, or what is there is not known; (`changed`).
 */
export async function outcomeOf(upload: FailedUpload): Promise<FileInfo> {
  const { path, cause } = upload;
  const signal = AbortSignal.timeout(settleMs);
  let now: Content;
  try {
    now = await settled(upload, signal);
    if (isTorn(now.bytes, upload)) {
      await uploaded(upload.file, path, upload.old ?? upload.bytes, signal);
      now = await settled(upload, signal);
    }
  } catch (error) {
    throw await unknownEnd(upload, signal.aborted ? undefined : error);
  }
  if (now.info !== undefined && isSame(now.bytes, upload.bytes)) {
    return now.info;
  }
  if (isTorn(now.bytes, upload)) {
    throw await unknownEnd(upload, undefined);
  }
  if (!isSame(now.bytes, upload.old)) {
    throw new FileAccessError(
      "changed",
      path,
      l10n.t(
        "{0} was changed in the session while it was written. What is there now was left as it is.",
        path,
      ),
      { cause },
    );
  }
  throw isLate(cause) ? mayArrive(upload) : apiFailure(cause, path);
}

/** What is there, once it is the old content or the new one, or stays what it is. */
async function settled(upload: FailedUpload, signal: AbortSignal): Promise<Content> {
  let before = await look(upload.file, signal);
  for (;;) {
    if (isSame(before.bytes, upload.old) || isSame(before.bytes, upload.bytes)) {
      return before;
    }
    await delay(stillMs, signal);
    const now = await look(upload.file, signal);
    if (isSame(now.bytes, before.bytes)) {
      return now;
    }
    before = now;
  }
}

async function look(file: WrittenFile, signal: AbortSignal): Promise<Content> {
  file.forget();
  const info = await file.find(signal);
  return { info, bytes: info === undefined ? undefined : await file.read(info, signal) };
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined ? other === undefined : other !== undefined && one.equals(other);
}

/**
 * Whether what is there was left by a write of ours that broke off, or by two that met: nothing, or bytes that stand in the same
 * place in the old content or in the new one.
 */
function isTorn(there: Buffer | undefined, { old, bytes }: FailedUpload): boolean {
  if (there === undefined) {
    return old !== undefined; // what was there is gone
  }
  if (isSame(there, old) || isSame(there, bytes)) {
    return false;
  }
  return there.every((byte, at) => byte === bytes[at] || byte === old?.[at]);
}

/** Whether the server may be doing it still: nobody heard of its end. */
function isLate(cause: unknown): boolean {
  return isGivenUp(cause) || isAbort(cause);
}

function mayArrive({ path, old, cause }: FailedUpload): FileAccessError {
  const state =
    old === undefined
      ? l10n.t(
          "{0} is not there yet, but what was sent may yet arrive: look at it before you write it again.",
          path,
        )
      : l10n.t(
          "{0} has its old content, but what was sent may yet arrive: look at it before you write it again.",
          path,
        );
  return new FileAccessError("lost", path, `${reasonFor(cause)} ${state}`, { cause });
}

async function unknownEnd(upload: FailedUpload, met: unknown): Promise<FileAccessError> {
  const { path, old, cause } = upload;
  const why = met === undefined ? "" : ` ${describeError(met).summary}`;
  const state =
    old === undefined
      ? l10n.t("Whether {0} has nothing, a part or all could not be made sure of.", path)
      : l10n.t("Whether {0} has the old content, the new one or a mixture could not be made sure of.", path);
  return new FileAccessError("lost", path, `${reasonFor(cause)} ${state}${why}${await keptWords(old)}`, {
    cause,
  });
}

function reasonFor(cause: unknown): string {
  return isAbort(cause) ? l10n.t("The writing was cancelled.") : describeError(cause).summary;
}

/** Keeps the old content on this computer, and says where. */
async function keptWords(old: Buffer | undefined): Promise<string> {
  if (old === undefined) {
    return "";
  }
  try {
    const kept = join(await mkdtemp(join(os.tmpdir(), "backendai-kept-")), "old");
    await writeFile(kept, old, { mode: 0o600 });
    return ` ${l10n.t("Its old content is kept on this computer in {0}.", kept)}`;
  } catch {
    return ` ${l10n.t("Its old content could not be kept on this computer.")}`;
  }
}
