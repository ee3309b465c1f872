import * as l10n from "@vscode/l10n";
import { shorten } from "../../base/text.js";
import { FileAccessError, type FileFailure } from "./fileAccessError.js";

/** What programs say in English, as `LC_ALL=C` has them do, and Python with the names of its exceptions. */
const words: readonly (readonly [pattern: RegExp, failure: FileFailure, text: (path: string) => string])[] = [
  [
    /No space left|Disk quota exceeded|File too large/,
    "full",
    (path) => l10n.t("There is no room for {0}: the session's disk, or its quota, is full.", path),
  ],
  [
    /Permission denied|not permitted|Read-only file system/,
    "permissionDenied",
    (path) =>
      l10n.t(
        "The session's user may not do this with {0}: it, or its folder, belongs to another user.",
        path,
      ),
  ],
  [/Directory not empty/, "notEmpty", (path) => l10n.t("{0} is not empty.", path)],
  [/File exists/, "exists", (path) => l10n.t("{0} is there already.", path)],
  [/Is a directory/, "isADirectory", (path) => l10n.t("{0} is a folder.", path)],
  [/Not a directory/, "notADirectory", (path) => l10n.t("What is on the way to {0} is no folder.", path)],
  [/No such file/, "notFound", (path) => l10n.t("{0} is not in the session.", path)],
  [
    /Too many levels of symbolic links/,
    "invalid",
    (path) => l10n.t("{0} is a link that leads in a circle.", path),
  ],
];

/** What a program of the session said of a file when it failed. */
export function programFailure(path: string, said: string): FileAccessError {
  const [, failure, text] = words.find(([pattern]) => pattern.test(said)) ?? [];
  const cause = new Error(shorten(said.trim(), 500));
  return failure === undefined || text === undefined
    ? new FileAccessError(
        "invalid",
        path,
        l10n.t("The session can't do this with {0}: {1}", path, lastLine(said)),
        {
          cause,
        },
      )
    : new FileAccessError(failure, path, text(path), { cause });
}

function lastLine(said: string): string {
  return shorten(said.trim().split("\n").at(-1) ?? "", 200) || l10n.t("it does not say why.");
}
