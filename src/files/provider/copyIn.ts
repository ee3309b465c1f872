import * as l10n from "@vscode/l10n";
import { posix } from "node:path";
import type { FileAccess, MoveOptions } from "../access/fileAccess.js";
import { FileAccessError, isFileFailure } from "../access/fileAccessError.js";
import { isBelow } from "./directoryCache.js";

/** Copies a file or a folder: inside the session, or through this computer where a session's ways can't copy. */
export async function copyIn(
  access: FileAccess,
  from: string,
  to: string,
  options: MoveOptions,
): Promise<void> {
  if (isBelow(to, from)) {
    throw new FileAccessError("invalid", to, l10n.t("{0} can't be copied into itself.", from));
  }
  try {
    await access.copy(from, to, options);
  } catch (error) {
    if (!isFileFailure(error, "unsupported")) {
      throw error;
    }
    await copyThrough(access, from, to, options);
  }
}

/** Links into folders are left out: they might lead in circles. */
async function copyThrough(
  access: FileAccess,
  from: string,
  to: string,
  options: MoveOptions,
): Promise<void> {
  const { signal, overwrite } = options;
  const { type, size } = await access.stat(from, { signal });
  if (type !== "directory") {
    const open = (start: number): AsyncIterable<Uint8Array> =>
      access.read(from, { range: { start }, signal });
    await access.write(to, { size, open }, { overwrite, signal });
    return;
  }
  await access.makeDirectory(to, { signal }).catch((error: unknown) => {
    if (!overwrite || !isFileFailure(error, "exists")) {
      throw error;
    }
  });
  for (const entry of await access.list(from, { signal })) {
    const isCopied = entry.type === "file" || (entry.type === "directory" && !entry.isLink);
    if (isCopied) {
      await copyThrough(access, posix.join(from, entry.name), posix.join(to, entry.name), options);
    }
  }
}
