import * as l10n from "@vscode/l10n";
import type { Folder, FolderEntry } from "../../api/index.js";
import { compareNames } from "../../base/nameOrder.js";
import { formatBytes } from "../../base/text.js";

/** A row of the view: a folder, or what is in one. Rows are values: equal ids are equal rows. */
export type FolderRow = FolderRootRow | FolderEntryRow;

/** A virtual folder. */
export interface FolderRootRow {
  readonly kind: "folder";
  readonly folder: Folder;
}

/** A file or directory in a virtual folder. */
export interface FolderEntryRow {
  readonly kind: "entry";
  readonly folder: Folder;
  /** Relative to the folder. */
  readonly path: string;
  readonly entry: FolderEntry;
}

/** How a row looks. */
export interface FolderRowLook {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** `folder.rw`, `folder.ro`, `directory.rw`, `file.ro` and so on, for menus. */
  readonly contextValue: string;
  readonly isUnfoldable: boolean;
  readonly icon: "folder-library" | "folder" | "file" | "file-symlink-file";
}

/** Rows shown of one directory; VS Code is slow beyond it. */
export const shownEntries = 5000;

const permissions: Readonly<Record<string, string>> = {
  ro: l10n.t("read only"),
  rw: l10n.t("read and write"),
  wd: l10n.t("read, write and delete"),
};

const rights: Readonly<Record<string, string>> = {
  ro: l10n.t("You may read only."),
  rw: l10n.t("You may read and write."),
  wd: l10n.t("You may read, write and delete."),
};

/** What a person may do in a folder, in words. */
export function permissionWords({ permission = "" }: Pick<Folder, "permission">): string {
  return permissions[permission] ?? (permission || l10n.t("unknown permission"));
}

/** Whether files in it can be changed. */
export function isWritable({ permission }: Pick<Folder, "permission">): boolean {
  return permission !== "ro";
}

/** The folders as rows, by name. */
export function rootRows(folders: readonly Folder[]): FolderRootRow[] {
  return folders
    .toSorted((a, b) => compareNames(a.name, b.name))
    .map((folder): FolderRootRow => ({ kind: "folder", folder }));
}

/** What is in a directory as rows: directories first, then by name. What an upload keeps while it is under way is left out. */
export function entryRows(
  folder: Folder,
  directory: string,
  entries: readonly FolderEntry[],
): FolderEntryRow[] {
  return entries
    .filter(({ name }) => !(directory === "" && name === ".upload"))
    .toSorted((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name))
    .slice(0, shownEntries)
    .map((entry) => ({ kind: "entry", folder, path: joinPath(directory, entry.name), entry }));
}

/** A path of a folder's entry. */
export function joinPath(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** The directory that a row stands for, or that its file is in. */
export function directoryOf(row: FolderRow): string {
  if (row.kind === "folder") {
    return "";
  }
  return row.entry.type === "directory" ? row.path : row.path.split("/").slice(0, -1).join("/");
}

/** How a row looks. */
export function lookOf(row: FolderRow): FolderRowLook {
  return row.kind === "folder" ? folderLook(row.folder) : entryLook(row);
}

function folderLook(folder: Folder): FolderRowLook {
  const { group = "", permission = "" } = folder;
  const project = group === "" ? l10n.t("project") : l10n.t("project {0}", group);
  const owner = folder.ownership === "group" ? project : folder.isOwner ? "" : l10n.t("shared");
  const description = [isWritable(folder) ? "" : permissionWords(folder), owner].filter(Boolean).join(" · ");
  const lines = [
    folder.name,
    rights[permission] ?? l10n.t("You may {0}.", permissionWords(folder)),
    ...(folder.host === undefined ? [] : [l10n.t("Stored on {0}.", folder.host)]),
    ...(folder.createdAt === undefined ? [] : [l10n.t("Made {0}.", folder.createdAt.toLocaleString())]),
    l10n.t("Sessions that mount it have it at /home/work/{0}.", folder.name),
  ];
  return {
    id: folder.id,
    label: folder.name,
    description,
    tooltip: lines.join("\n"),
    contextValue: `folder.${mode(folder)}`,
    isUnfoldable: true,
    icon: "folder-library",
  };
}

function entryLook({ folder, path, entry }: FolderEntryRow): FolderRowLook {
  const isDirectory = entry.type === "directory";
  const time =
    entry.mtimeMs > 0 ? `\n${l10n.t("Changed {0}", new Date(entry.mtimeMs).toLocaleString())}` : "";
  return {
    id: `${folder.id}/${path}`,
    label: entry.name,
    description:
      entry.type === "file" ? formatBytes(entry.size) : entry.type === "symlink" ? l10n.t("link") : "",
    tooltip: `${folder.name}/${path}${time}`,
    contextValue: `${isDirectory ? "directory" : "file"}.${mode(folder)}`,
    isUnfoldable: isDirectory,
    icon: isDirectory ? "folder" : entry.type === "symlink" ? "file-symlink-file" : "file",
  };
}

function mode(folder: Folder): "rw" | "ro" {
  return isWritable(folder) ? "rw" : "ro";
}

function rank(entry: FolderEntry): number {
  return entry.type === "directory" ? 0 : 1;
}
