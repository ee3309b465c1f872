import { createHash } from "node:crypto";
import type { FileStamp } from "./fileStamps.js";

/** What an editor's text grew from. */
export interface EditorBase extends FileStamp {
  readonly hash: string;
}

/** Documents whose bases are kept; the ones read longest ago are forgotten. */
const documentLimit = 1000;

/**
 * For each document what was read into its editor, or saved from it, last: what a save is meant to replace. A document with
 * changes that are not saved keeps its base whatever reads the file meanwhile, unless its text is taken from there then.
 */
export class EditorBases {
  readonly #bases = new Map<string, EditorBase>();
  readonly #readMeanwhile = new Map<string, EditorBase>();

  /** The content of `key` was read; `isDirty` when its editor has changes that are not saved. */
  read(key: string, base: EditorBase, isDirty: boolean): void {
    if (isDirty && this.#bases.has(key)) {
      keep(this.#readMeanwhile, key, base);
    } else {
      this.saved(key, base);
    }
  }

  /** The content of `key` was saved. */
  saved(key: string, base: EditorBase): void {
    keep(this.#bases, key, base);
    this.#readMeanwhile.delete(key);
  }

  /** The editor of `key` has no changes any more: without a save, because it took what was read last. */
  settle(key: string): void {
    const base = this.#readMeanwhile.get(key);
    if (base !== undefined) {
      this.saved(key, base);
    }
  }

  get(key: string): EditorBase | undefined {
    return this.#bases.get(key);
  }
}

/** By what contents are told apart. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function keep(bases: Map<string, EditorBase>, key: string, base: EditorBase): void {
  bases.delete(key);
  bases.set(key, base);
  const [oldest] = bases.keys();
  if (bases.size > documentLimit && oldest !== undefined) {
    bases.delete(oldest);
  }
}
