import { shorten } from "../../base/text.js";
import { FileAccessError, type FileFailure } from "./fileAccessError.js";

/** What programs say in English, as `LC_ALL=C` has them do, and Python with the names of its exceptions. */
const words: readonly (readonly [pattern: RegExp, failure: FileFailure, text: (path: string) => string])[] = [
  [
    /No space left|Disk quota exceeded|File too large/,
    "full",
    (path) => `There is no room for ${path}: the session's disk, or its quota, is full.`,
  ],
  [
    /Permission denied|not permitted|Read-only file system/,
    "permissionDenied",
    (path) => `The session's user may not do this with ${path}: it, or its folder, belongs to another user.`,
  ],
  [/Directory not empty/, "notEmpty", (path) => `${path} is not empty.`],
  [/File exists/, "exists", (path) => `${path} is there already.`],
  [/Is a directory/, "isADirectory", (path) => `${path} is a folder.`],
  [/Not a directory/, "notADirectory", (path) => `What is on the way to ${path} is no folder.`],
  [/No such file/, "notFound", (path) => `${path} is not in the session.`],
  [/Too many levels of symbolic links/, "invalid", (path) => `${path} is a link that leads in a circle.`],
];

/** What a program of the session said of a file when it failed. */
export function programFailure(path: string, said: string): FileAccessError {
  const [, failure, text] = words.find(([pattern]) => pattern.test(said)) ?? [];
  const cause = new Error(shorten(said.trim(), 500));
  return failure === undefined || text === undefined
    ? new FileAccessError("invalid", path, `The session can't do this with ${path}: ${lastLine(said)}`, {
        cause,
      })
    : new FileAccessError(failure, path, text(path), { cause });
}

function lastLine(said: string): string {
  return shorten(said.trim().split("\n").at(-1) ?? "", 200) || "it does not say why.";
}
