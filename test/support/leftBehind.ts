import { readdirSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Larger files are none that anything of ours writes text to. */
const fileLimitBytes = 50_000_000;

/**
 * Folders that the tests of this computer leave things in: the user data of VS Code (settings, state, logs, storage of extensions),
 * sockets, samples, data of engines, all below the temporary folder.
 * @param more Further folders.
 */
export function foldersLeft(more: readonly string[] = []): readonly string[] {
  const temporary = os.tmpdir();
  const profile = process.env["VSCODE_TEST_PROFILE"];
  const made = readdirSync(temporary, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^(backendai|\.backendai|bai)/i.test(entry.name))
    .map((entry) => path.join(temporary, entry.name));
  return [...new Set([...made, ...(profile === undefined ? [] : [profile]), ...more])];
}

/**
 * Files that hold one of the texts, as bytes or in UTF-16; with which of them, by its beginning.
 * @param folders Searched with all below them; links are not followed.
 */
export async function searchFolders(
  folders: readonly string[],
  needles: readonly string[],
): Promise<readonly string[]> {
  const patterns = needles.flatMap((needle) => [
    { needle, bytes: Buffer.from(needle) },
    { needle, bytes: Buffer.from(needle, "utf16le") },
    { needle, bytes: Buffer.from(encodeURIComponent(needle)) },
    { needle, bytes: Buffer.from(needle.slice(0, needle.length - (needle.length % 3))) },
    {
      needle,
      bytes: Buffer.from(
        Buffer.from(needle)
          .toString("base64")
          .replace(/.{0,3}=*$/, ""),
      ),
    },
  ]);
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    // What is removed meanwhile holds nothing.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const place = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        await visit(place);
      } else if (
        entry.isFile() &&
        ((await stat(place).catch(() => undefined))?.size ?? Infinity) < fileLimitBytes
      ) {
        const content = await readFile(place).catch(() => Buffer.alloc(0));
        const hit = patterns.find(({ bytes }) => content.includes(bytes));
        if (hit !== undefined) {
          found.push(`${place}: ${hit.needle.slice(0, 8)}…`);
        }
      }
    }
  };
  for (const folder of folders) {
    await visit(folder);
  }
  return found;
}
