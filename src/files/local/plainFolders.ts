import * as l10n from "@vscode/l10n";
import { lstat, mkdir } from "node:fs/promises";
import path from "node:path";
import { UnsafePathError } from "../../api/errors.js";
import { FileAccessError } from "../access/fileAccessError.js";
import { isMissing, wordsOf } from "./localErrors.js";

/**
 * Makes the folders of this computer from `root` down to `folder`, one by one, so that no link among them is passed; the root may be one.
 * @param plain Those that are known to be no links, and those found to be none.
 * @throws {UnsafePathError} for a link.
 * @throws {FileAccessError} where they can't be made.
 */
export async function makePlainFolders(
  root: string,
  folder: string,
  plain = new Set<string>(),
): Promise<void> {
  let current = root;
  const inside = path.relative(root, folder).split(path.sep);
  for (const part of ["", ...inside.filter((name) => name !== "")]) {
    current = path.join(current, part);
    if (!plain.has(current)) {
      await makePlainFolder(current, part !== "");
      plain.add(current);
    }
  }
}

async function makePlainFolder(folder: string, mayNotBeLink: boolean): Promise<void> {
  const found = await lstat(folder).catch((error: unknown) => {
    if (isMissing(error)) {
      return undefined;
    }
    throw wordsOf(error, folder);
  });
  if (found?.isSymbolicLink() === true && mayNotBeLink) {
    throw new UnsafePathError(folder, l10n.t("would be written through a link"));
  }
  if (found === undefined) {
    await mkdir(folder, { recursive: !mayNotBeLink }).catch((error: unknown) => {
      throw wordsOf(error, folder);
    });
  } else if (mayNotBeLink && !found.isDirectory()) {
    throw new FileAccessError("notADirectory", folder, l10n.t("{0} is no folder.", folder));
  }
}
