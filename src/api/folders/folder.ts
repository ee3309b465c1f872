import { posix } from "node:path";
import { ConfigurationError } from "../../base/errors.js";
import type { Dialect } from "../../wire/dialect.js";
import { limits } from "../../wire/limits.js";
import type { FolderRecord } from "../../wire/records/folders.js";
import { UnsafePathError } from "../errors.js";
import { segment } from "../transport/query.js";

/** A folder as calls want it: servers differ in whether they know it by name or by id. */
export interface FolderReference {
  readonly id: string;
  readonly name: string;
}

/** A virtual folder: a directory that outlives sessions. */
export interface Folder extends FolderReference {
  /** Where it is stored, such as `local:volume1`. */
  readonly host: string | undefined;
  /** `ro`, `rw`, `wd` (write and delete), or what newer servers have. */
  readonly permission: string | undefined;
  readonly isOwner: boolean;
  /** `user`, or `group` for a project's. */
  readonly ownership: string | undefined;
  /** Name of its project. */
  readonly group: string | undefined;
  /** Such as `ready`; `delete-pending` is in the trash. Servers before 22.09 don't say. */
  readonly status: string | undefined;
  readonly usageMode: string | undefined;
  readonly createdAt: Date | undefined;
}

/** What is known of one folder beyond the list. */
export interface FolderDetails extends Folder {
  readonly files: number | undefined;
  readonly usedBytes: number | undefined;
}

/** The folder of a record. */
export function folderOf(record: FolderRecord): Folder {
  const created = new Date((record.created_at ?? "").replace(" ", "T"));
  return {
    id: record.id,
    name: record.name,
    host: record.host ?? undefined,
    permission: record.permission ?? undefined,
    isOwner: record.is_owner ?? true, // the answer of create does not say
    ownership: record.ownership_type ?? (record.type || undefined),
    group: record.group_name || undefined,
    status: record.status ?? undefined,
    usageMode: record.usage_mode ?? undefined,
    createdAt: Number.isNaN(created.getTime()) ? undefined : created,
  };
}

/** The details of a record. */
export function folderDetailsOf(record: FolderRecord): FolderDetails {
  return {
    ...folderOf(record),
    files: record.num_files ?? record.numFiles ?? undefined,
    usedBytes: record.used_bytes ?? undefined,
  };
}

/** The folder's path on the server, such as `/folders/data`. */
export function folderUrl({ folders }: Dialect, folder: FolderReference): string {
  return `/folders/${segment(folders.addressing === "id" ? folder.id : folder.name)}`;
}

/**
 * The name, when a folder can have it. Servers of 24.03 and later take names that no session can mount.
 * @throws {ConfigurationError}
 */
export function checkFolderName(name: string): string {
  if (!limits.folderName.test(name)) {
    throw new ConfigurationError(
      "name",
      `“${name}” is no name for a folder: 1 to 64 characters without “/” and “\\”, and no space at either end.`,
    );
  }
  return name;
}

/**
 * A path inside a folder as servers want it: relative, without `.` and `..`; the folder itself is the empty text.
 * @throws {UnsafePathError} when it is absolute or leads out of the folder.
 */
export function folderPath(path: string): string {
  if (path.includes("\0")) {
    throw new UnsafePathError(path, "has a NUL character");
  }
  const normal = posix.normalize(path === "" ? "." : path).replace(/\/+$/, "");
  if (posix.isAbsolute(path) || normal === ".." || normal.startsWith("../")) {
    throw new UnsafePathError(path, "is not inside the folder");
  }
  return normal === "." ? "" : normal;
}
