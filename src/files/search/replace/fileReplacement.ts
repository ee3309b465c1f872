import * as l10n from "@vscode/l10n";
import type { FileAccess, FileInfo } from "../../access/fileAccess.js";
import { FileAccessError } from "../../access/fileAccessError.js";
import type { SearchPattern } from "../query/searchQuery.js";
import type { FileMatches, LineMatch } from "../searchFiles.js";
import { replacedText } from "./replacedText.js";

/** Larger files are not replaced in, in bytes. */
const replaceLimitBytes = 20 * 1024 * 1024;

/** What is to become of a file, and what it was when that was worked out. */
export interface FileReplacement {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Matches that are replaced. */
  readonly count: number;
  readonly seen: FileInfo;
}

/** What matches are replaced by. */
export interface Replacing {
  readonly pattern: SearchPattern;
  readonly replacement: string;
  readonly signal: AbortSignal;
}

/**
 * Works out what replacing the found lines makes of a file; nothing is written.
 * @throws {FileAccessError} (`changed` when the lines are not what was found; `tooLarge`; `invalid` for what is no UTF-8, which would be damaged).
 */
export async function planReplacement(
  access: FileAccess,
  { path, lines, isExactPath }: FileMatches,
  { pattern, replacement, signal }: Replacing,
): Promise<FileReplacement> {
  if (!isExactPath) {
    throw new FileAccessError(
      "invalid",
      path,
      l10n.t("The name of {0} is no UTF-8: it can't be opened.", path),
    );
  }
  const seen = await access.stat(path, { signal });
  const before = textOf(path, await contentOf(access, path, seen, signal));
  if (!stillThere(before, lines)) {
    throw changedSince(path);
  }
  const numbers = new Set(lines.map(({ line }) => line));
  const { text: after, count } = replacedText(before, { pattern, replacement, lines: numbers });
  return { path, before, after, count, seen };
}

/**
 * Writes the file, if it is still what it was.
 * @throws {FileAccessError} (`changed`) when it is not; it stays as it is then.
 */
export async function applyReplacement(
  access: FileAccess,
  { path, before, after, seen }: FileReplacement,
  signal: AbortSignal,
): Promise<void> {
  const info = await access.stat(path, { signal });
  const isSame =
    info.size === seen.size &&
    info.mtimeMs === seen.mtimeMs &&
    // A second change within one second shows in neither.
    textOf(path, await contentOf(access, path, info, signal)) === before;
  if (!isSame) {
    throw changedSince(path);
  }
  const bytes = Buffer.from(after, "utf8");
  await access.write(
    path,
    {
      size: bytes.length,
      open: async function* (start) {
        yield await Promise.resolve(bytes.subarray(start));
      },
    },
    { create: false, expected: { size: info.size, mtimeMs: info.mtimeMs }, signal },
  );
}

function changedSince(path: string): FileAccessError {
  return new FileAccessError(
    "changed",
    path,
    l10n.t("{0} was changed in the session since it was searched.", path),
  );
}

/** Whether the lines that were found are where they were, as far as they were kept. */
function stillThere(text: string, found: readonly LineMatch[]): boolean {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return found.every(({ line, preview, previewStart }) =>
    lines[line - 1]?.replace(/\r$/, "").startsWith(preview, previewStart),
  );
}

async function contentOf(
  access: FileAccess,
  path: string,
  { size }: FileInfo,
  signal: AbortSignal,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (size <= replaceLimitBytes) {
    for await (const piece of access.read(path, {
      signal,
      range: { start: 0, end: replaceLimitBytes + 1 },
    })) {
      pieces.push(piece);
      length += piece.length;
    }
  }
  if (size > replaceLimitBytes || length > replaceLimitBytes) {
    throw new FileAccessError(
      "tooLarge",
      path,
      l10n.t("{0} is too large to replace in: more than 20 MiB.", path),
    );
  }
  return Buffer.concat(pieces);
}

function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FileAccessError("invalid", path, l10n.t("{0} is no UTF-8: replacing would damage it.", path), {
      cause: error,
    });
  }
}
