import { cp, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FileFailure } from "../../../../src/files/access/fileAccessError.js";

/** What may be done to files, with paths relative to a root. */
export type Operation =
  | { readonly act: "write"; readonly to: string; readonly content: string; readonly overwrite: boolean }
  | { readonly act: "makeDirectory"; readonly to: string }
  | { readonly act: "remove"; readonly to: string; readonly recursive: boolean }
  | {
      readonly act: "rename" | "copy";
      readonly from: string;
      readonly to: string;
      readonly overwrite: boolean;
    };

/** How an operation ends. */
export type Outcome = "done" | FileFailure;

/** A folder of this computer that does what the files of a session should do. */
export class LocalModel {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async run(operation: Operation): Promise<Outcome> {
    const to = path.join(this.#root, operation.to);
    const there = await kindOf(to);
    switch (operation.act) {
      case "write": {
        const above = await this.#above(operation.to);
        if (above !== undefined || there === "directory") {
          return above ?? "isADirectory";
        }
        if (there !== undefined && !operation.overwrite) {
          return "exists";
        }
        await writeFile(to, operation.content);
        return "done";
      }
      case "makeDirectory": {
        const above = await this.#above(operation.to);
        if (above !== undefined || there !== undefined) {
          return above ?? "exists";
        }
        await mkdir(to);
        return "done";
      }
      case "remove":
        return this.#remove(to, there, operation.recursive);
      case "rename":
      case "copy":
        return this.#move(operation, to, there);
    }
  }

  /** Every file with its content, and every folder, by its path. */
  async contents(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const entry of await readdir(this.#root, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(this.#root, file);
      found[name] = entry.isDirectory() ? "(folder)" : await readFile(file, "utf8");
    }
    return found;
  }

  async #remove(to: string, there: "file" | "directory" | undefined, recursive: boolean): Promise<Outcome> {
    if (there === undefined) {
      return "notFound";
    }
    if (there === "directory" && !recursive) {
      if ((await readdir(to)).length > 0) {
        return "notEmpty";
      }
      await rmdir(to);
      return "done";
    }
    await rm(to, { recursive: true });
    return "done";
  }

  async #move(
    operation: Extract<Operation, { act: "rename" | "copy" }>,
    to: string,
    there: "file" | "directory" | undefined,
  ): Promise<Outcome> {
    const from = path.join(this.#root, operation.from);
    const kind = await kindOf(from);
    if (`${operation.to}/`.startsWith(`${operation.from}/`) && operation.to !== operation.from) {
      return "invalid";
    }
    if (kind === undefined) {
      return "notFound";
    }
    if (operation.to === operation.from) {
      return "done";
    }
    const above = await this.#above(operation.to);
    if (above !== undefined) {
      return above;
    }
    if (there !== undefined && !operation.overwrite) {
      return "exists";
    }
    await rm(to, { recursive: true, force: true });
    await (operation.act === "rename" ? rename(from, to) : cp(from, to, { recursive: true }));
    return "done";
  }

  /** Why nothing can be at a path. */
  async #above(to: string): Promise<"notFound" | "notADirectory" | undefined> {
    const kind = await kindOf(path.dirname(path.join(this.#root, to)));
    return kind === "directory" ? undefined : kind === undefined ? "notFound" : "notADirectory";
  }
}

/** A path below a file is nothing. */
async function kindOf(file: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(file)).isDirectory() ? "directory" : "file";
  } catch {
    return undefined;
  }
}
