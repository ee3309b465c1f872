import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import type { SecretSearch } from "./secretSearch.js";

/** Larger files are none that anything of ours writes text to. */
const fileLimitBytes = 50_000_000;

/** What to leave out of a search. */
export interface FolderSearch {
  /** Folders that are not looked into, by their whole path. */
  readonly without?: (folder: string) => boolean;
}

/**
 * Names and contents of files that hold a secret, packed ones too: where, and which one in what form.
 * @param places Files, and folders with all below them; links are not followed, and what is not there holds nothing.
 */
export async function searchPlaces(
  places: readonly string[],
  search: SecretSearch,
  { without = () => false }: FolderSearch = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (place: string): Promise<void> => {
    const entries = without(place) ? [] : await readdir(place, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const inner = path.join(place, entry.name);
      found.push(...search.find(entry.name).map((what) => `the name of ${inner}: ${what}`));
      if (entry.isDirectory()) {
        await visit(inner);
      } else if (entry.isFile()) {
        found.push(...(await searchFile(inner, search)));
      }
    }
  };
  for (const place of places) {
    const isFile = (await stat(place).catch(() => undefined))?.isFile() === true;
    await (isFile ? searchFile(place, search).then((more) => found.push(...more)) : visit(place));
  }
  return found;
}

async function searchFile(file: string, search: SecretSearch): Promise<readonly string[]> {
  const size = (await stat(file).catch(() => undefined))?.size ?? Infinity;
  if (size >= fileLimitBytes) {
    return [];
  }
  const content = await readFile(file).catch(() => Buffer.alloc(0)); // removed meanwhile
  const contents = [[file, content] as const, ...unpacked(file, content)];
  return contents.flatMap(([place, bytes]) => search.find(bytes).map((what) => `${place}: ${what}`));
}

/** What is in a packed file; nothing where it can't be unpacked. */
function unpacked(file: string, content: Buffer): readonly (readonly [place: string, bytes: Buffer])[] {
  try {
    if (content.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) {
      return Object.entries(unzipSync(content)).map(([name, bytes]) => [
        `${file}/${name}`,
        Buffer.from(bytes),
      ]);
    }
    return content.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])) ? [[file, gunzipSync(content)]] : [];
  } catch {
    return [];
  }
}
