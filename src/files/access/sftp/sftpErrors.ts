import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { Stats } from "ssh2";
import { UploadLostError } from "../../../api/errors.js";
import { finalTarget } from "../../sftp/finalTarget.js";
import type { RemoteFiles } from "../../sftp/remoteFiles.js";
import { codeOf, refusal } from "../../sftp/sftpRequests.js";
import { FileAccessError } from "../fileAccessError.js";

/** What was to be done when a server refused. */
export type FileAct = "look" | "list" | "read" | "write" | "make" | "remove";

/**
 * A refusal in words. SFTP has few of them, and most mean several things: what is there tells which.
 * @param files To look with.
 */
export async function explained(
  files: RemoteFiles,
  error: unknown,
  { path, act }: { readonly path: string; readonly act: FileAct },
): Promise<unknown> {
  if (error instanceof UploadLostError) {
    return new FileAccessError("lost", path, l10n.t("The session did not keep all of {0}.", path), {
      cause: error,
    });
  }
  const code = codeOf(error);
  if (code === undefined || error instanceof FileAccessError) {
    return error;
  }
  try {
    return await explain(files, code, { path, act, cause: error });
  } catch (second) {
    return second instanceof FileAccessError ? second : error; // the connection is lost meanwhile
  }
}

interface Refused {
  readonly path: string;
  readonly act: FileAct;
  readonly cause: unknown;
}

async function explain(files: RemoteFiles, code: number, refused: Refused): Promise<FileAccessError> {
  const { path, act, cause } = refused;
  switch (code) {
    case refusal.noSuchFile:
      return missingWhy(files, path, cause);
    case refusal.permissionDenied:
      if (act === "read" && (await finalTarget(files, path)).stats === undefined) {
        return missing(path, cause); // of links that lead nowhere some servers say this
      }
      return new FileAccessError("permissionDenied", path, deniedWords[act](path), { cause });
    case refusal.failure:
      return failureWhy(files, refused);
    default:
      return new FileAccessError("invalid", path, l10n.t("The session has no use for the name {0}.", path), {
        cause,
      });
  }
}

const deniedWords: Readonly<Record<FileAct, (path: string) => string>> = {
  look: (path) =>
    l10n.t("The session's user may not look at {0}: it, or its folder, belongs to another user.", path),
  list: (path) =>
    l10n.t("The session's user may not list {0}: it, or its folder, belongs to another user.", path),
  read: (path) =>
    l10n.t("The session's user may not read {0}: it, or its folder, belongs to another user.", path),
  write: (path) =>
    l10n.t("The session's user may not write {0}: it, or its folder, belongs to another user.", path),
  make: (path) =>
    l10n.t("The session's user may not make {0}: it, or its folder, belongs to another user.", path),
  remove: (path) =>
    l10n.t("The session's user may not remove {0}: it, or its folder, belongs to another user.", path),
};

/** What is not there: the path, a folder on the way to it, or what a link leads to. */
async function missingWhy(files: RemoteFiles, path: string, cause: unknown): Promise<FileAccessError> {
  const { stats } = await finalTarget(files, path);
  if (stats !== undefined) {
    return new FileAccessError("notADirectory", path, l10n.t("{0} is no folder.", path), { cause });
  }
  const parent = await nearest(files, posix.dirname(path));
  if (parent !== undefined && !parent.stats.isDirectory()) {
    return new FileAccessError("notADirectory", path, l10n.t("{0} is no folder.", parent.path), { cause });
  }
  return missing(path, cause);
}

/** What is there of a path: the last of the folders on the way that exists. */
async function nearest(
  files: RemoteFiles,
  path: string,
): Promise<{ readonly path: string; readonly stats: Stats } | undefined> {
  const stats = await files.follow(path).catch(() => undefined);
  if (stats !== undefined) {
    return { path, stats };
  }
  return path === "/" ? undefined : nearest(files, posix.dirname(path));
}

/** “Failure” is all that servers say of a full disk, of a name that is taken, of a folder that is not empty. */
async function failureWhy(files: RemoteFiles, { path, act, cause }: Refused): Promise<FileAccessError> {
  const { stats } = await finalTarget(files, path);
  const isFolder = stats?.isDirectory() === true;
  switch (act) {
    case "make":
      if (stats !== undefined) {
        return taken(path, cause);
      }
      return new FileAccessError(
        "full",
        path,
        l10n.t("{0} can't be made: the session's disk, or its quota, is full.", path),
        {
          cause,
        },
      );
    case "remove":
      if (isFolder) {
        return new FileAccessError("notEmpty", path, l10n.t("{0} is not empty.", path), { cause });
      }
      break;
    case "write":
      if (stats === undefined || stats.isFile()) {
        return new FileAccessError(
          "full",
          path,
          l10n.t("{0} can't be written: the session's disk, or its quota, is full.", path),
          {
            cause,
          },
        );
      }
      break;
    case "look":
    case "list":
    case "read":
      break;
  }
  if (isFolder && act !== "list" && act !== "look") {
    return new FileAccessError("isADirectory", path, l10n.t("{0} is a folder.", path), { cause });
  }
  return new FileAccessError("invalid", path, l10n.t("The session refuses to do this with {0}.", path), {
    cause,
  });
}

/** Nothing is at a path. */
export function missing(path: string, cause?: unknown): FileAccessError {
  return path.includes("\uFFFD")
    ? new FileAccessError(
        "invalid",
        path,
        l10n.t("{0} can't be reached: its name is not written in UTF-8.", path),
        {
          cause,
        },
      )
    : new FileAccessError("notFound", path, l10n.t("{0} is not in the session.", path), { cause });
}

/** Something is at a path that was to be new. */
export function taken(path: string, cause?: unknown): FileAccessError {
  return new FileAccessError("exists", path, l10n.t("{0} is there already.", path), { cause });
}
