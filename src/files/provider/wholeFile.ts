import * as l10n from "@vscode/l10n";
import { formatBytes } from "../../base/text.js";
import type { ByteRange, FileAccess, FileContent } from "../access/fileAccess.js";
import { FileAccessError } from "../access/fileAccessError.js";

/** How much of a file to read at most. */
export interface WholeFileOptions {
  readonly limitBytes: number;
  readonly range?: ByteRange;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a file, or of a part of it, in memory.
 * @throws {FileAccessError} (`tooLarge`) above `limitBytes`.
 */
export async function readWhole(
  access: FileAccess,
  path: string,
  { limitBytes, range, signal }: WholeFileOptions,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of access.read(path, { range, signal })) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size > limitBytes) {
      throw tooLarge(path, size, limitBytes);
    }
  }
  return Buffer.concat(pieces);
}

/** That a file is too large to be had whole. */
export function tooLarge(path: string, size: number, limitBytes: number): FileAccessError {
  return new FileAccessError(
    "tooLarge",
    path,
    l10n.t(
      "{0} has {1}, more than the {2} that are opened at once.",
      path,
      formatBytes(size),
      formatBytes(limitBytes),
    ),
  );
}

/** Bytes as something to be written. */
export function contentOf(bytes: Uint8Array): FileContent {
  return {
    size: bytes.byteLength,
    async *open(start) {
      yield await Promise.resolve(bytes.subarray(start));
    },
  };
}
