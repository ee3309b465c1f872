import * as l10n from "@vscode/l10n";
import type { Stats } from "ssh2";
import { deadline } from "../../../base/abort.js";
import { finalTarget, type FinalTarget } from "../../sftp/finalTarget.js";
import type { RemoteFiles } from "../../sftp/remoteFiles.js";
import { replaceFile, type WriteSteps } from "../../sftp/safeWrite.js";
import { codeOf, isGivenUp, refusal } from "../../sftp/sftpRequests.js";
import type { FileContent, FileInfo, WriteOptions } from "../fileAccess.js";
import { FileAccessError } from "../fileAccessError.js";
import { explained, missing, taken } from "./sftpErrors.js";
import { permissions } from "./sftpInfo.js";
import type { SftpLink } from "./sftpLink.js";
import { explaining, requestsAtOnce, statBySftp } from "./sftpReading.js";

/** For what has to be put right after a failure or an abort, in milliseconds. */
const tidyMs = 30_000;

/**
 * Writes a file as `FileAccess.write` says; after a lost connection it goes on where it was.
 * @throws {FileAccessError} (`unavailable`) when the connection stays lost before anything was changed.
 */
export async function writeBySftp(
  link: SftpLink,
  path: string,
  { content, ...options }: WriteOptions & { readonly content: FileContent },
): Promise<FileInfo> {
  const { signal, overwrite = true } = options;
  const asked = { path, signal };
  const target = await link.twice(asked, async (files) =>
    explaining(files, { path, act: "write" }, async () => firstLook(files, path, options)),
  );
  const state = { isPlacing: false };
  const check = async (files: RemoteFiles): Promise<void> => {
    await lastLook(files, target, { ...options, path });
    state.isPlacing = true;
  };
  const steps = stepsOf(link, path, { signal, overwrite });
  try {
    await replaceFile(steps, target.path, {
      ...{ content, signal, check, overwrite, atOnce: requestsAtOnce, onProgress: options.onProgress },
      mode: target.stats === undefined ? undefined : target.stats.mode & permissions,
    });
  } catch (error) {
    throw !state.isPlacing && isGivenUp(error)
      ? new FileAccessError(
          "unavailable",
          path,
          l10n.t("The connection to the session was lost; {0} is as it was.", path),
          {
            cause: error,
          },
        )
      : error;
  }
  return link.persist(asked, async (files) => written(files, path, content.size));
}

async function firstLook(files: RemoteFiles, path: string, options: WriteOptions): Promise<FinalTarget> {
  const { create = true, overwrite = true, expected } = options;
  const target = await finalTarget(files, path);
  const { stats } = target;
  if (stats === undefined && path.includes("\uFFFD")) {
    throw missing(path);
  }
  if (stats === undefined && expected === undefined && !create) {
    throw missing(path);
  }
  if (stats !== undefined && !stats.isFile()) {
    throw stats.isDirectory()
      ? new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path))
      : new FileAccessError(
          "invalid",
          path,
          l10n.t("{0} is no file but a device, a pipe or a socket.", path),
        );
  }
  if (stats !== undefined && !overwrite) {
    throw taken(path);
  }
  expectSame(stats, expected, path);
  return target;
}

/** The old file may have changed while the new one was on its way. */
async function lastLook(
  files: RemoteFiles,
  target: FinalTarget,
  { path, expected, overwrite = true }: WriteOptions & { readonly path: string },
): Promise<void> {
  if (expected === undefined && overwrite) {
    return;
  }
  const stats = await files.look(target.path);
  if (stats !== undefined && !overwrite) {
    throw taken(path);
  }
  expectSame(stats, expected, path);
}

function expectSame(stats: Stats | undefined, expected: WriteOptions["expected"], path: string): void {
  if (
    expected !== undefined &&
    (stats?.size !== expected.size || !isSameTime(stats.mtime * 1000, expected.mtimeMs))
  ) {
    throw new FileAccessError("changed", path, l10n.t("{0} was changed in the session meanwhile.", path));
  }
}

/** SFTP tells whole seconds; other ways tell more. */
function isSameTime(seenMs: number, expectedMs: number): boolean {
  return seenMs === Math.floor(expectedMs / 1000) * 1000;
}

async function written(files: RemoteFiles, path: string, size: number): Promise<FileInfo> {
  const now = await statBySftp(files, path);
  if (now.size !== size) {
    throw new FileAccessError(
      "changed",
      path,
      l10n.t("{0} was changed in the session right after it was written.", path),
    );
  }
  return now;
}

function stepsOf(
  link: SftpLink,
  path: string,
  { signal, overwrite }: { readonly signal: AbortSignal; readonly overwrite: boolean },
): WriteSteps {
  return {
    step: async (action, progress) =>
      link.persist(
        { path, signal },
        async (files) => {
          try {
            return await action(files);
          } catch (error) {
            const isTaken =
              !overwrite && codeOf(error) === refusal.failure && (await files.look(path)) !== undefined;
            throw isTaken ? taken(path, error) : await explained(files, error, { path, act: "write" });
          }
        },
        progress,
      ),
    tidy: async (action, progress) => {
      const limit = deadline(tidyMs, "total", l10n.t("Putting {0} right", path));
      try {
        return await link.persist({ path, signal: limit.signal }, action, progress);
      } finally {
        limit.clear();
      }
    },
  };
}
