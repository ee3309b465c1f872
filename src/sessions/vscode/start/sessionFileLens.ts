import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { sessionFileGlob } from "../../../platform/contributedIds.js";

/** Puts “Start Session” over session files. */
export function showSessionFileLens(): Disposable {
  return vscode.languages.registerCodeLensProvider(
    { pattern: sessionFileGlob },
    {
      provideCodeLenses: ({ uri }) => [
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
          title: `$(play) ${l10n.t("Start Session")}`,
          command: "backendai.sessions.startFile",
          arguments: [uri],
        }),
      ],
    },
  );
}
