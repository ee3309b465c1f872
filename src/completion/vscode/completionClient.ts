import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
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
  client.onNotification(lateAnswer, ({ textDocument, position, what }) => {
    const { line, character } = position;
    showLate[what](
      client.protocol2CodeConverter.asUri(textDocument.uri),
      new vscode.Position(line, character),
    );
  });
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

/** Has the editor ask anew, where a person still is at the place. */
const showLate = {
  suggestions: (uri: vscode.Uri, place: vscode.Position): void => {
    if (cursorIn(uri)?.isEqual(place)) {
      void vscode.commands.executeCommand("editor.action.triggerSuggest");
    }
  },
  /** Arguments may have been typed meanwhile. */
  signature: (uri: vscode.Uri, place: vscode.Position): void => {
    const cursor = cursorIn(uri);
    if (cursor?.line === place.line && cursor.isAfterOrEqual(place)) {
      void vscode.commands.executeCommand("editor.action.triggerParameterHints");
    }
  },
};

/** Where a person types, if it is in this document and nothing is selected. */
function cursorIn(uri: vscode.Uri): vscode.Position | undefined {
  const editor = vscode.window.activeTextEditor;
  const isThere = editor?.document.uri.toString() === uri.toString() && editor.selection.isEmpty;
  return isThere ? editor.selection.active : undefined;
}
