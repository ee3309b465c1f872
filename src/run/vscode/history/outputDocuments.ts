import * as l10n from "@vscode/l10n";
import { open } from "node:fs/promises";
import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { formatBytes } from "../../../base/text.js";
import type { RunHistory } from "../../history/runHistory.js";
import { outputText } from "../../history/outputText.js";
import type { RunRecord } from "../../history/runRecord.js";

const scheme = "backendai-output";

/** Output that an editor shows; VS Code itself is slow beyond it. The rest can be saved as a file. */
const shownBytes = 20 * 1024 * 1024;

/** Serves the kept output of runs as documents to read and to compare. */
export function provideOutputs(history: RunHistory): Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ query }) => read(history.outputOf(query)),
  });
}

/** The document with a run's output. */
export function outputUri(record: RunRecord): vscode.Uri {
  const time = new Date(record.startedAt).toLocaleTimeString().replaceAll("/", "-");
  return vscode.Uri.from({ scheme, path: `/${record.name} ${time}.log`, query: record.id });
}

async function read(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) {
    return `${l10n.t("The output of this run is not kept any more.")}\n`;
  }
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, shownBytes)));
    const rest =
      size > shownBytes
        ? `\n[${l10n.t("{0} more: save the output to read it", formatBytes(size - shownBytes))}]\n`
        : "";
    return outputText(buffer.subarray(0, bytesRead)) + rest;
  } finally {
    await file.close();
  }
}
