import * as l10n from "@vscode/l10n";
import { isAbort } from "../../base/abort.js";
import { wordsFor } from "../../platform/describeError.js";
import { FileAccessError, type FileFailure } from "../access/fileAccessError.js";

/** The errors of files that VS Code tells apart, by the names of its own `FileSystemError`. */
export type FileErrorKind =
  "FileNotFound" | "FileExists" | "FileNotADirectory" | "FileIsADirectory" | "NoPermissions" | "Unavailable";

const kinds: Readonly<Partial<Record<FileFailure, FileErrorKind>>> = {
  notFound: "FileNotFound",
  exists: "FileExists",
  notADirectory: "FileNotADirectory",
  isADirectory: "FileIsADirectory",
  permissionDenied: "NoPermissions",
};

/** An error as VS Code knows it, with words for people. */
export function fileErrorOf(error: unknown): { readonly kind: FileErrorKind; readonly message: string } {
  if (isAbort(error)) {
    // for programs: the kind
    return { kind: "Unavailable", message: l10n.t("The window is being closed.") };
  }
  const kind = error instanceof FileAccessError ? kinds[error.failure] : undefined;
  return { kind: kind ?? "Unavailable", message: wordsFor(error) }; // for programs
}
