import * as l10n from "@vscode/l10n";
import { errorCodeOf } from "../../base/errors.js";
import { FileAccessError } from "../access/fileAccessError.js";

/** Whether what was looked for on this computer is not there. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(String(errorCodeOf(error)));
}

const systemWords: Readonly<Record<string, (file: string) => FileAccessError>> = {
  ENOENT: (file) => new FileAccessError("notFound", file, l10n.t("{0} is not there.", file)),
  EACCES: (file) =>
    new FileAccessError("permissionDenied", file, l10n.t("You may not do this with {0}.", file)),
  EPERM: (file) =>
    new FileAccessError("permissionDenied", file, l10n.t("You may not do this with {0}.", file)),
  EISDIR: (file) => new FileAccessError("isADirectory", file, l10n.t("{0} is a folder.", file)),
  ENOTDIR: (file) => new FileAccessError("notADirectory", file, l10n.t("A part of {0} is no folder.", file)),
  ENOSPC: (file) =>
    new FileAccessError("full", file, l10n.t("This computer's disk has no room for {0}.", file)),
  EDQUOT: (file) =>
    new FileAccessError("full", file, l10n.t("Your quota on this computer has no room for {0}.", file)),
  ENAMETOOLONG: (file) => new FileAccessError("invalid", file, l10n.t("The name of {0} is too long.", file)),
  EROFS: (file) =>
    new FileAccessError("permissionDenied", file, l10n.t("{0} is on a disk that can't be written.", file)),
};

/** An error of this computer's file system in words; others as they are. */
export function wordsOf(error: unknown, file: string): unknown {
  return systemWords[String(errorCodeOf(error))]?.(file) ?? error;
}
