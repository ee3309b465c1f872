import * as l10n from "@vscode/l10n";
import { limits } from "../../../wire/limits.js";
import { messageOf } from "../../../base/errors.js";
import type { SessionPlace } from "../../sftp/sessionSftp.js";
import type { FileContent, FileInfo, WriteOptions } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { apiFailure } from "./apiErrors.js";
import { relative } from "./directories.js";

/** For putting the old bytes back, also after an abort, in milliseconds. */
const putBackMs = 30_000;

/** What writing one file works with. */
export interface WrittenFile extends SessionPlace {
  /** What is there, perhaps as it was a moment ago; {@link forget} has it asked again. */
  find(signal: AbortSignal): Promise<FileInfo | undefined>;
  forget(): void;
  /** @throws {FileAccessError} where its folder is not there. */
  expectFolder(signal: AbortSignal): Promise<void>;
  read(info: FileInfo, signal: AbortSignal): Promise<Buffer>;
}

/**
 * Writes a file by the server's own upload, which writes where the old one is: its bytes are kept in memory before, what is
 * there afterwards is read back, and the old bytes are put back when that is not what was sent.
 */
export async function writeByApi(
  file: WrittenFile,
  path: string,
  { content, signal, onProgress, ...options }: WriteOptions & { readonly content: FileContent },
): Promise<FileInfo> {
  if (content.size >= limits.uploadFileBytes) {
    throw new FileAccessError(
      "tooLarge",
      path,
      l10n.t("{0} is too large for the server's upload, which takes less than 1 MiB.", path),
    );
  }
  const before = await file.find(signal);
  await expectWritable(file, path, { ...options, before, signal });
  const bytes = await whole(content, path);
  const old = before === undefined ? undefined : await file.read(before, signal);
  if (old !== undefined) {
    file.forget();
    expectSame(await file.find(signal), { size: old.length, mtimeMs: before?.mtimeMs ?? 0 }, path);
  }
  try {
    await file.client.files.upload(file.sessionId, [{ path: relative(path), content: bytes }], { signal });
    const now = await verified(file, path, { bytes, signal });
    onProgress?.(bytes.length);
    return now;
  } catch (error) {
    await restored(file, path, { old, bytes, cause: error });
    throw apiFailure(error, path);
  }
}

async function expectWritable(
  file: WrittenFile,
  path: string,
  {
    before,
    create = true,
    overwrite = true,
    expected,
    signal,
  }: WriteOptions & { readonly before: FileInfo | undefined },
): Promise<void> {
  if (before === undefined) {
    await file.expectFolder(signal); // the upload would make folders, which nobody asked for
    if (!create && expected === undefined) {
      throw new FileAccessError("notFound", path, l10n.t("{0} is not in the session.", path));
    }
  } else if (before.type === "directory") {
    throw new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path));
  } else if (before.type === "other") {
    throw new FileAccessError(
      "invalid",
      path,
      l10n.t("{0} is no file but a device, a pipe or a socket.", path),
    );
  } else if (!overwrite) {
    throw new FileAccessError("exists", path, l10n.t("{0} is there already.", path));
  } else if (before.isLink) {
    throw new FileAccessError(
      "unsupported",
      path,
      l10n.t("{0} is a link, through which the server's upload can't write.", path),
    );
  }
  expectSame(before, expected, path);
}

function expectSame(now: FileInfo | undefined, expected: WriteOptions["expected"], path: string): void {
  // Other ways tell whole seconds.
  const isSame =
    expected === undefined ||
    (now?.size === expected.size && Math.floor(now.mtimeMs / 1000) === Math.floor(expected.mtimeMs / 1000));
  if (!isSame) {
    throw new FileAccessError("changed", path, l10n.t("{0} was changed in the session meanwhile.", path));
  }
}

async function whole(content: FileContent, path: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content.open(0)) {
    pieces.push(piece);
    size += piece.length;
    if (size > content.size) {
      break;
    }
  }
  if (size !== content.size) {
    throw new FileAccessError(
      "changed",
      path,
      l10n.t("What was to be written to {0} has changed meanwhile.", path),
    );
  }
  return Buffer.concat(pieces);
}

async function verified(
  file: WrittenFile,
  path: string,
  { bytes, signal }: { readonly bytes: Buffer; readonly signal: AbortSignal },
): Promise<FileInfo> {
  file.forget();
  const now = await file.find(signal);
  if (now === undefined || now.size !== bytes.length || !(await file.read(now, signal)).equals(bytes)) {
    throw new FileAccessError(
      "lost",
      path,
      l10n.t("The server took {0} and does not have it as it was sent.", path),
    );
  }
  return now;
}

/** @throws {FileAccessError} (`lost`) where neither the new bytes nor the old ones are there. */
async function restored(
  file: WrittenFile,
  path: string,
  {
    old,
    bytes,
    cause,
  }: { readonly old: Buffer | undefined; readonly bytes: Buffer; readonly cause: unknown },
): Promise<void> {
  if (old === undefined) {
    return;
  }
  const signal = AbortSignal.timeout(putBackMs);
  try {
    file.forget();
    const now = await file.find(signal);
    const there = now === undefined ? undefined : await file.read(now, signal);
    if (there?.equals(old) === true || there?.equals(bytes) === true) {
      return;
    }
    await file.client.files.upload(file.sessionId, [{ path: relative(path), content: old }], { signal });
    await verified(file, path, { bytes: old, signal });
  } catch (error) {
    throw new FileAccessError(
      "lost",
      path,
      l10n.t(
        "{0} could not be written, and its old content could not be put back: {1}",
        path,
        messageOf(error),
      ),
      { cause },
    );
  }
}
