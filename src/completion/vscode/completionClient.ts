import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { LanguageClient, type Position } from "vscode-languageclient/node";
import type { Disposable } from "../../base/lifecycle.js";
import type { Logger } from "../../base/logger.js";
import type { DeskFor } from "../server/desk.js";
import { lateAnswer } from "../server/lateAnswer.js";
import { startLanguageServer } from "../server/languageServer.js";
import { memoryTransports } from "../server/memoryTransport.js";
import { completedLanguages } from "../completedLanguages.js";

/** How long the editor's end may take to say goodbye, in milliseconds. */
const stopMs = 1000;

/** Starts the language server, and the client that brings it before the editor. Disposing it ends both. */
export async function startClient(deskFor: DeskFor, logger: Logger): Promise<Disposable> {
  const [editor, own] = memoryTransports();
  const server = startLanguageServer({ transport: own, deskFor, logger });
  const client = new LanguageClient(
    "backendai.completion",
    l10n.t("Backend.AI Completion"),
    async () => Promise.resolve(editor),
    { documentSelector: completedLanguages.map((language) => ({ language })) },
  );
  client.onNotification(lateAnswer, (place) =>
    showLate(client.protocol2CodeConverter.asUri(place.textDocument.uri), place.position),
  );
  await client.start();
  return {
    dispose: () => {
      void client
        .dispose(stopMs)
        .catch(() => undefined) // it is over, whatever it says
        .finally(() => server.dispose());
    },
  };
}

/** Has the list of suggestions drawn anew, where a person still looks at the very place. */
function showLate(uri: vscode.Uri, { line, character }: Position): void {
  const editor = vscode.window.activeTextEditor;
  const isThere =
    editor?.document.uri.toString() === uri.toString() &&
    editor.selection.isEmpty &&
    editor.selection.active.isEqual(new vscode.Position(line, character));
  if (isThere) {
    void vscode.commands.executeCommand("editor.action.triggerSuggest");
  }
}
