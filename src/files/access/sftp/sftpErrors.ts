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
    return new FileAccessError("lost", path, `The session did not keep all of ${path}.`, { cause: error });
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
      return new FileAccessError("permissionDenied", path, deniedWords(act, path), { cause });
    case refusal.failure:
      return failureWhy(files, refused);
    default:
      return new FileAccessError("invalid", path, `The session has no use for the name ${path}.`, { cause });
  }
}

const deniedVerbs: Readonly<Record<FileAct, string>> = {
  look: "look at",
  list: "list",
  read: "read",
  write: "write",
  make: "make",
  remove: "remove",
};

function deniedWords(act: FileAct, path: string): string {
  return `The session's user may not ${deniedVerbs[act]} ${path}: it, or its folder, belongs to another user.`;
}

/** What is not there: the path, a folder on the way to it, or what a link leads to. */
async function missingWhy(files: RemoteFiles, path: string, cause: unknown): Promise<FileAccessError> {
  const { stats } = await finalTarget(files, path);
  if (stats !== undefined) {
    return new FileAccessError("notADirectory", path, `${path} is no folder.`, { cause });
  }
  const parent = await nearest(files, posix.dirname(path));
  if (parent !== undefined && !parent.stats.isDirectory()) {
    return new FileAccessError("notADirectory", path, `${parent.path} is no folder.`, { cause });
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
        `${path} can't be made: the session's disk, or its quota, is full.`,
        {
          cause,
        },
      );
    case "remove":
      if (isFolder) {
        return new FileAccessError("notEmpty", path, `${path} is not empty.`, { cause });
      }
      break;
    case "write":
      if (stats === undefined || stats.isFile()) {
        return new FileAccessError(
          "full",
          path,
          `${path} can't be written: the session's disk, or its quota, is full.`,
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
    return new FileAccessError("isADirectory", path, `${path} is a folder.`, { cause });
  }
  return new FileAccessError("invalid", path, `The session refuses to do this with ${path}.`, { cause });
}

/** Nothing is at a path. */
export function missing(path: string, cause?: unknown): FileAccessError {
  return path.includes("\uFFFD")
    ? new FileAccessError("invalid", path, `${path} can't be reached: its name is not written in UTF-8.`, {
        cause,
      })
    : new FileAccessError("notFound", path, `${path} is not in the session.`, { cause });
}

/** Something is at a path that was to be new. */
export function taken(path: string, cause?: unknown): FileAccessError {
  return new FileAccessError("exists", path, `${path} is there already.`, { cause });
}
