import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../base/text.js";
import { type BranchRow, isBranchItem, type SessionBranchItem } from "../../sessions/sessionBranches.js";
import type { FileInfo, NamedFile } from "../access/fileAccess.js";
import { type FilePlace, sessionHome, uriPartsOf } from "../filePlace.js";

/** A row of a file or folder. */
export interface FileRow extends BranchRow {
  /** Absolute in the session. */
  readonly path: string;
  readonly fileType: FileInfo["type"];
}

/** A row of a file in the view. */
export interface FileItem extends SessionBranchItem {
  readonly row: FileRow;
}

/** The id of the row of a path. */
export function rowIdOf(sessionId: string, path: string): string {
  return `files:${sessionId}:${path}`;
}

/** Whether a command was called on a row of a file. */
export function isFileItem(value: unknown): value is FileItem {
  return isBranchItem(value) && "path" in value.row && "fileType" in value.row;
}

/** Whether a row is the one that all files of a session are under. */
export function isRootRow({ row }: FileItem): boolean {
  return row.contextValue === "file.root";
}

/** The row that all files of a session are under. */
export function rootRow(sessionId: string, sessionName: string, place: FilePlace | undefined): FileRow {
  return {
    id: rowIdOf(sessionId, sessionHome),
    path: sessionHome,
    fileType: "directory",
    label: l10n.t("Files"),
    description: sessionHome,
    tooltip: l10n.t("Files of {0}, below {1}", sessionName, sessionHome),
    icon: "files",
    contextValue: "file.root",
    accessibleLabel: l10n.t("Files of {0}", sessionName),
    isFolded: true,
    ...(place && { resource: { ...uriPartsOf(place), isDocument: false } }),
  };
}

const kinds: Readonly<Record<FileInfo["type"], { readonly context: string; readonly icon: string }>> = {
  directory: { context: "file.folder", icon: "folder" },
  file: { context: "file.document", icon: "file" },
  other: { context: "file.device", icon: "circle-slash" },
  unknown: { context: "file.dangling", icon: "warning" },
};

/** What a row is, by its name, for who does not see its icon. */
const words: Readonly<Record<FileInfo["type"], (name: string) => string>> = {
  directory: (name) => l10n.t("{0}, folder", name),
  file: (name) => l10n.t("{0}, file", name),
  other: (name) => l10n.t("{0}, device or pipe", name),
  unknown: (name) => l10n.t("{0}, broken link", name),
};

const linkWords: typeof words = {
  ...words,
  directory: (name) => l10n.t("{0}, link to a folder", name),
  file: (name) => l10n.t("{0}, link to a file", name),
  other: (name) => l10n.t("{0}, link to a device or pipe", name),
};

/**
 * The row of an entry of a folder: `file.document`, `file.folder`, `file.device` or `file.dangling` (grammar of `viewItem` in
 * `package.json`; all rows of files are `/^file\./`).
 */
export function fileRow(sessionId: string, path: string, file: NamedFile, place?: FilePlace): FileRow {
  const { context, icon } = kinds[file.type];
  const label = visible(file.name);
  const link = file.type === "unknown" ? l10n.t("broken link") : file.isLink ? l10n.t("link") : "";
  const size = file.type === "file" ? formatBytes(file.size) : "";
  const changed = file.mtimeMs > 0 ? l10n.t("Changed {0}", new Date(file.mtimeMs).toLocaleString()) : "";
  return {
    id: rowIdOf(sessionId, path),
    path,
    fileType: file.type,
    label,
    description: link,
    tooltip: [visible(path), [size, link].filter((part) => part !== "").join(" · "), changed]
      .filter((line) => line !== "")
      .join("\n"),
    icon,
    contextValue: context,
    accessibleLabel: (file.isLink ? linkWords : words)[file.type](label),
    isFolded: file.type === "directory",
    ...(place && { resource: { ...uriPartsOf(place), isDocument: file.type === "file" } }),
  };
}

/** The row that stands for entries which are not shown yet. */
export function moreRow(sessionId: string, folder: string, counts: MoreCounts): BranchRow {
  const next = Math.min(counts.page, counts.left);
  return {
    id: `${rowIdOf(sessionId, folder)}\0more`,
    label: l10n.t("Show {0} more…", next.toLocaleString("en")),
    description: l10n.t("{0} not shown", counts.left.toLocaleString("en")),
    tooltip: l10n.t("{0} has {1} more entries.", visible(folder), counts.left.toLocaleString("en")),
    icon: "ellipsis",
    contextValue: "branch.more",
    accessibleLabel: l10n.t("Show {0} more entries of {1}", next, visible(folder)),
    command: { id: "backendai.files.showMore", title: l10n.t("Show More") },
  };
}

/** Entries of a folder that are not shown. */
export interface MoreCounts {
  readonly left: number;
  /** How many more are shown by a click. */
  readonly page: number;
}

/** Control characters of names, such as newlines, would be lost in a row. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, "�");
}
