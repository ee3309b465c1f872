import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UnsafePathError } from "../errors.js";
import type { ArchivedFile } from "./tarReader.js";

/**
 * Where an entry may be written below `destination`.
 * @throws {UnsafePathError} for an absolute path, one with `..`, and names that mean something else on Windows.
 */
export function safeTarget(destination: string, path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (path.startsWith("/") || parts.includes("..") || parts.length === 0) {
    throw new UnsafePathError(path, "leads out of the folder that it is downloaded to");
  }
  if (parts.some((part) => part.includes("\0") || part.includes("\\") || /^[a-z]:/i.test(part))) {
    throw new UnsafePathError(path, "is no name for a file of a download");
  }
  return join(destination, ...parts);
}

/**
 * Writes one entry below `destination`. Links are refused, and nothing is written through a link that is there already.
 * @returns The path written.
 * @throws {UnsafePathError}
 */
export async function extractFile(destination: string, file: ArchivedFile): Promise<string> {
  if (file.type === "link") {
    throw new UnsafePathError(file.path, "is a link, which downloads do not follow");
  }
  const root = resolve(destination);
  const target = safeTarget(root, file.path);
  await makeFolders(root, file.type === "directory" ? target : dirname(target), file.path);
  if (file.type === "file") {
    if (await isLink(target)) {
      throw new UnsafePathError(file.path, "would be written through a link");
    }
    await writeFile(target, file.bytes, { mode: file.mode });
  }
  return target;
}

/** Makes the folders from `root` down to `folder`, one by one, so that no link among them is passed. */
async function makeFolders(root: string, folder: string, path: string): Promise<void> {
  await mkdir(root, { recursive: true });
  let current = root;
  for (const part of relative(root, folder)
    .split(sep)
    .filter((name) => name !== "")) {
    current = join(current, part);
    if (await isLink(current)) {
      throw new UnsafePathError(path, "would be written through a link");
    }
    await mkdir(current, { recursive: true });
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false; // nothing there yet
  }
}
