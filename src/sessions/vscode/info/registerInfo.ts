import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Commands } from "../../../platform/commands.js";
import type { PickSessionDeps } from "../pickSession.js";

/** The scheme of these documents: `backendai-info://<server>/<session>/<name>.md`. */
const scheme = "backendai-info";
/** Documents that are kept for VS Code to ask for again; the oldest go. */
const keptDocuments = 20;

/** The command that shows all that a server tells of a session, as a document to read. */
export function registerInfo(deps: PickSessionDeps & { readonly commands: Commands }): Disposable {
  const owned = new DisposableStore();
  const documents = new Map<string, string>();
  const didChange = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: didChange.event,
      provideTextDocumentContent: (uri) =>
        documents.get(uri.toString()) ??
        `${l10n.t("Ask again: Show Information in the menu of a session.")}\n`,
    }),
  );
  owned.add(
    deps.commands.register("backendai.sessions.showInfo", async (signal, clicked) => {
      const { makeDocument } = await import("./infoCommand.js");
      const made = await makeDocument(deps, { clicked, scheme, signal });
      if (made !== undefined) {
        keep(documents, made.uri.toString(), made.text);
        didChange.fire(made.uri); // an open document is read anew
        await vscode.commands.executeCommand("markdown.showPreview", made.uri);
      }
    }),
  );
  return owned;
}

function keep(documents: Map<string, string>, key: string, text: string): void {
  documents.delete(key);
  documents.set(key, text);
  const [oldest] = documents.keys();
  if (documents.size > keptDocuments && oldest !== undefined) {
    documents.delete(oldest);
  }
}
