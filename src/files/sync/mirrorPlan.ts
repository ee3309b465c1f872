import type { FileStamp } from "./mirrorSide.js";

/** Which side follows the other. */
export type MirrorDirection = "up" | "down" | "both";

/** A file as both sides had it when they were last the same. */
export interface BaseFile {
  readonly local: FileStamp;
  readonly remote: FileStamp;
  /** SHA-256 of its content, in hex. */
  readonly hash: string;
}

/** What was the same on both sides when they were last mirrored, by path. */
export type MirrorBase = ReadonlyMap<string, BaseFile>;

/** What a side has of a file, compared with the base. */
export interface SideState {
  /** `undefined`: it is not there. */
  readonly stamp: FileStamp | undefined;
  /** Whether it is not what the base says. */
  readonly isChanged: boolean;
}

/** Something to be done for a path. */
export interface MirrorStep {
  readonly kind: "upload" | "download" | "deleteLocal" | "deleteRemote" | "conflict";
  readonly path: string;
  readonly local: FileStamp | undefined;
  readonly remote: FileStamp | undefined;
}

/** What to plan by. */
export interface PlanOptions {
  readonly direction: MirrorDirection;
  /** Whether what is gone on one side is deleted on the other. */
  readonly deletes: boolean;
}

/**
 * What mirroring does for one path. Both ways, a side that has changed since the base is never overwritten and never deleted: where
 * both have, it is a conflict.
 */
export function stepFor(
  path: string,
  {
    local,
    remote,
    isSame,
  }: { readonly local: SideState; readonly remote: SideState; readonly isSame: boolean },
  { direction, deletes }: PlanOptions,
): MirrorStep | undefined {
  const kind =
    isSame || (local.stamp === undefined && remote.stamp === undefined)
      ? undefined
      : direction === "both"
        ? bothWays(local, remote, deletes)
        : oneWay(direction === "up" ? local : remote, direction, deletes);
  return kind && { kind, path, local: local.stamp, remote: remote.stamp };
}

function oneWay(
  source: SideState,
  direction: "up" | "down",
  deletes: boolean,
): MirrorStep["kind"] | undefined {
  if (source.stamp !== undefined) {
    return direction === "up" ? "upload" : "download";
  }
  return !deletes ? undefined : direction === "up" ? "deleteRemote" : "deleteLocal";
}

function bothWays(local: SideState, remote: SideState, deletes: boolean): MirrorStep["kind"] | undefined {
  if (local.isChanged && remote.isChanged) {
    // Gone on one side and changed on the other: what is there is kept.
    return local.stamp === undefined ? "download" : remote.stamp === undefined ? "upload" : "conflict";
  }
  if (local.isChanged) {
    return local.stamp === undefined ? (deletes ? "deleteRemote" : undefined) : "upload";
  }
  if (remote.isChanged) {
    return remote.stamp === undefined ? (deletes ? "deleteLocal" : undefined) : "download";
  }
  return undefined;
}

/** The name beside a file for the session's version of it, where both were changed. */
export function conflictName(path: string, isTaken: (path: string) => boolean): string {
  const slash = path.lastIndexOf("/") + 1;
  const dot = path.lastIndexOf(".");
  const at = dot > slash ? dot : path.length;
  for (let number = 1; ; number++) {
    const mark = number === 1 ? " (session)" : ` (session ${number})`;
    const name = path.slice(0, at) + mark + path.slice(at);
    if (!isTaken(name)) {
      return name;
    }
  }
}
