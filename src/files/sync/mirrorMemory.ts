import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { RememberedBase } from "./mirror.js";
import type { BaseFile } from "./mirrorPlan.js";

/** Which mirror: a folder of this computer, and one of a session. */
export interface MirrorName {
  readonly server: string;
  readonly sessionId: string;
  readonly local: string;
  readonly remote: string;
}

/** What mirrors had in common when they were last run, each in a file of its own. */
export class MirrorMemory {
  readonly #folder: string;

  /** @param folder The extension's own; what is made in it is `mirrors`. */
  constructor(folder: string) {
    this.#folder = path.join(folder, "mirrors");
  }

  /** Nothing where the mirror is new, or its file is damaged: then files that differ are conflicts. */
  async load(name: MirrorName): Promise<RememberedBase> {
    try {
      const value: unknown = JSON.parse(await readFile(this.#fileOf(name), "utf8"));
      if (isKept(value)) {
        return { files: new Map(value.files), at: value.at };
      }
    } catch {
      // it is new
    }
    return { files: new Map(), at: 0 };
  }

  async save(name: MirrorName, { files, at }: RememberedBase): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = this.#fileOf(name);
    const temporary = `${file}.${randomBytes(4).toString("hex")}`;
    try {
      await writeFile(temporary, JSON.stringify({ name, at, files: [...files] }));
      await rename(temporary, file);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  #fileOf({ server, sessionId, local, remote }: MirrorName): string {
    const key = JSON.stringify([server, sessionId, local, remote]);
    return path.join(this.#folder, `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
  }
}

interface Kept {
  readonly at: number;
  readonly files: readonly (readonly [string, BaseFile])[];
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === "object" &&
    value !== null &&
    "at" in value &&
    typeof value.at === "number" &&
    "files" in value &&
    Array.isArray(value.files) &&
    value.files.every(isKeptFile)
  );
}

function isKeptFile(value: unknown): boolean {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [];
  const [name, file] = parts;
  return (
    typeof name === "string" &&
    typeof file === "object" &&
    file !== null &&
    "hash" in file &&
    typeof file.hash === "string" &&
    "local" in file &&
    isStamp(file.local) &&
    "remote" in file &&
    isStamp(file.remote)
  );
}

function isStamp(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "size" in value &&
    typeof value.size === "number" &&
    "mtimeMs" in value &&
    typeof value.mtimeMs === "number"
  );
}
