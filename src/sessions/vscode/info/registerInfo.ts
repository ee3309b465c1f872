import * as vscode from "vscode";
import { serverIdOf, targetLabel } from "../../../account/target.js";
import { type Disposable, DisposableStore } from "../../../base/lifecycle.js";
import type { Commands } from "../../../platform/commands.js";
import { withProgress } from "../../../platform/progress.js";
import { pickSession, type PickSessionDeps } from "../pickSession.js";

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
        documents.get(uri.toString()) ?? "Ask again: Show Information in the menu of a session.\n",
    }),
  );
  owned.add(
    deps.commands.register("backendai.sessions.showInfo", async (signal, clicked) => {
      const made = await makeDocument(deps, clicked, signal);
      if (made !== undefined) {
        keep(documents, made.uri.toString(), made.text);
        didChange.fire(made.uri); // an open document is read anew
        await vscode.commands.executeCommand("markdown.showPreview", made.uri);
      }
    }),
  );
  return owned;
}

async function makeDocument(
  deps: PickSessionDeps,
  clicked: unknown,
  outer: AbortSignal,
): Promise<{ readonly uri: vscode.Uri; readonly text: string } | undefined> {
  const placeHolder = "Information of which session?";
  const subject = await pickSession(deps, { clicked, placeHolder, signal: outer });
  const { state } = deps.account.connection;
  if (subject === undefined || state.phase !== "connected") {
    return undefined;
  }
  const { client, session } = subject;
  const { target } = state;
  const [{ readInfo }, { infoDocument }] = await Promise.all([
    import("../../info/infoRecords.js"),
    import("../../info/infoDocument.js"),
  ]);
  const title = `Asking for session ${session.name}`;
  const records = await withProgress(title, (signal) => readInfo(client, session.id, signal), outer);
  const text = infoDocument(records, {
    name: session.name,
    id: session.id,
    server: targetLabel(target),
    manager: client.dialect.manager,
    askedAt: new Date(),
  });
  const file = session.name.replaceAll(/[/\\?#]/g, "_");
  const path = `/${session.id}/${file}.md`;
  return { uri: vscode.Uri.from({ scheme, authority: serverIdOf(target), path }), text };
}

function keep(documents: Map<string, string>, key: string, text: string): void {
  documents.delete(key);
  documents.set(key, text);
  const [oldest] = documents.keys();
  if (documents.size > keptDocuments && oldest !== undefined) {
    documents.delete(oldest);
  }
}
