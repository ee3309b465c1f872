import * as l10n from "@vscode/l10n";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import * as vscode from "vscode";
import { formatBytes } from "../../../base/text.js";
import { withProgress } from "../../../platform/progress.js";
import { showSaveDialog } from "../../../platform/shown/dialogs.js";
import type { FilePlace } from "../../filePlace.js";
import type { SessionFileSystem } from "../../provider/sessionFileSystem.js";

/** Asks where to, and writes a file of a session there, of any size; a file of that name is replaced only at the end. */
export async function downloadFile(system: SessionFileSystem, place: FilePlace): Promise<void> {
  const name = path.posix.basename(place.path);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
  const defaultUri = vscode.Uri.joinPath(folder ?? vscode.Uri.file(homedir()), name);
  const target = await showSaveDialog({ defaultUri, title: l10n.t("Download {0}", name) });
  if (target === undefined) {
    return;
  }
  const { size } = await system.stat(place);
  const temporary = `${target.fsPath}.part`;
  await withProgress(l10n.t("Downloading {0}", name), async (signal, report) => {
    try {
      await pipeline(told(system.pieces(place, signal), size, report), createWriteStream(temporary), {
        signal,
      });
      await rename(temporary, target.fsPath);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

async function* told(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
  report: (message: string) => void,
): AsyncGenerator<Uint8Array> {
  const everyBytes = 1_000_000;
  let done = 0;
  let next = everyBytes;
  for await (const piece of pieces) {
    yield piece;
    done += piece.byteLength;
    if (done >= next) {
      next = done + everyBytes;
      report(l10n.t("{0} of {1}", formatBytes(done), formatBytes(size)));
    }
  }
}
