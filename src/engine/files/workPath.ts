import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import type { Session } from "../sessions/session.js";

/** Where sessions believe their files are. */
export const sessionHome = "/home/work";

/** A path leads out of the session. */
export class OutsidePathError extends Error {}

/**
 * The place on this computer of a path inside a session: relative to `/home/work`, or absolute below it.
 * @throws {OutsidePathError} when the path leads out, also through symbolic links (those into virtual folders are fine).
 */
export async function resolveWorkPath(session: Session, asked: string): Promise<string> {
  return (await resolvePlaces(session, asked)).target;
}

/**
 * As {@link resolveWorkPath}, with the links of all that exists followed: the place to write to.
 * @throws {OutsidePathError}
 */
export async function resolveRealPath(session: Session, asked: string): Promise<string> {
  return (await resolvePlaces(session, asked)).real;
}

async function resolvePlaces(session: Session, asked: string): Promise<{ target: string; real: string }> {
  const target = path.join(session.workDir, relativeToHome(session, asked));
  return { target, real: await confinedRealPath(session, target) };
}

/**
 * A place on this computer with the links of all that exists followed.
 * @throws {OutsidePathError} when that is neither in the session's home nor in one of its virtual folders.
 */
export async function confinedRealPath(session: Session, target: string): Promise<string> {
  const roots = await Promise.all([session.workDir, ...session.mountedDirs].map((root) => realpath(root)));
  return confinedTo(roots, target);
}

/**
 * A place on this computer with the links of all that exists followed.
 * @param roots Without links.
 * @throws {OutsidePathError} when that is in none of the roots.
 */
export async function confinedTo(roots: readonly string[], target: string): Promise<string> {
  const real = await realpathOfExisting(target);
  if (!roots.some((root) => isWithin(root, real))) {
    throw new OutsidePathError(target);
  }
  return real;
}

/** `asked` relative to `/home/work`, normalised; "" is the home itself. */
function relativeToHome(session: Session, asked: string): string {
  if (asked.includes("\0")) {
    throw new OutsidePathError(asked);
  }
  let rest = asked;
  for (const home of [sessionHome, session.workDir]) {
    if (asked === home || asked.startsWith(`${home}/`)) {
      rest = asked.slice(home.length).replace(/^\/+/, "");
      break;
    }
  }
  const normal = path.posix.normalize(rest === "" ? "." : rest);
  if (path.posix.isAbsolute(normal) || normal === ".." || normal.startsWith("../")) {
    throw new OutsidePathError(asked);
  }
  return normal;
}

/**
 * Resolves the links of the longest part of `target` that exists.
 * @throws {OutsidePathError} for a link that leads to nothing: where it leads can change.
 */
async function realpathOfExisting(target: string): Promise<string> {
  const missing: string[] = [];
  for (let current = target; ; current = path.dirname(current)) {
    const real = await realpath(current).catch(() => undefined);
    if (real !== undefined) {
      return path.join(real, ...missing);
    }
    // Anything else that is there by now was made by another request meanwhile.
    if ((await lstat(current).catch(() => undefined))?.isSymbolicLink() === true) {
      throw new OutsidePathError(target);
    }
    missing.unshift(path.basename(current));
    if (current === path.dirname(current)) {
      return target;
    }
  }
}

/** Whether `target` is `root` or below it, by their names. */
export function isWithin(root: string, target: string): boolean {
  return target === root || target.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}
