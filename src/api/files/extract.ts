import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { UnsafePathError } from "../errors.js";
import { checkLocalName, localKeyOf } from "./localNames.js";
import type { ArchivedFile } from "./tarReader.js";

/**
 * The names of an entry, from the folder that it is written to downwards.
 * @throws {UnsafePathError} for an absolute path, one with `..`, and names that mean something else on Windows.
 */
function safeParts(path: string, platform: NodeJS.Platform): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (path.startsWith("/") || parts.includes("..") || parts.length === 0) {
    throw new UnsafePathError(path, "leads out of the folder that it is downloaded to");
  }
  if (parts.some((part) => part.includes("\0") || part.includes("\\") || /^[a-z]:/i.test(part))) {
    throw new UnsafePathError(path, "is no name for a file of a download");
  }
  for (const part of parts) {
    checkLocalName(part, platform);
  }
  return parts;
}

/**
 * Writes what a session sends below a folder of this computer: no links, nothing through a link that is there already, and no two
 * entries into one file, by whatever names.
 */
export class Extraction {
  readonly #root: string;
  readonly #platform: NodeJS.Platform;
  /** What was written, by names as this computer's file system tells them apart. */
  readonly #written = new Map<string, "file" | "directory">();

  /** @param destination Is made where it is not there. */
  constructor(destination: string, platform: NodeJS.Platform = process.platform) {
    this.#root = resolve(destination);
    this.#platform = platform;
  }

  /**
   * Writes one entry. What was there before this extraction is replaced.
   * @returns The path written.
   * @throws {UnsafePathError}
   */
  async write(file: ArchivedFile): Promise<string> {
    if (file.type === "link") {
      throw new UnsafePathError(file.path, "is a link, which downloads do not follow");
    }
    const parts = safeParts(file.path, this.#platform);
    this.#claim(parts, file);
    const target = join(this.#root, ...parts);
    await makeFolders(this.#root, file.type === "directory" ? target : dirname(target), file.path);
    if (file.type === "file") {
      if (await isLink(target)) {
        throw new UnsafePathError(file.path, "would be written through a link");
      }
      await writeFile(target, file.bytes, { mode: file.mode });
    }
    return target;
  }

  #claim(parts: readonly string[], { path, type }: ArchivedFile): void {
    const keys = parts.map((_, index) => localKeyOf(parts.slice(0, index + 1).join("/"), this.#platform));
    for (const [index, key] of keys.entries()) {
      const kind = type === "file" && index === keys.length - 1 ? "file" : "directory";
      const there = this.#written.get(key);
      if (there !== undefined && (there === "file" || kind === "file")) {
        throw new UnsafePathError(path, "would be written over another one of the same download");
      }
      this.#written.set(key, kind);
    }
  }
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
