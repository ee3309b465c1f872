import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import { notebookType } from "../contributedIds.js";

/** What tells that a window needs the rooms. */
export interface UseSigns {
  /** What the extension remembers of the workspace. */
  readonly memory: vscode.Memento;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether a document shows something of ours, such as the buttons of cells. */
  readonly concerns: (document: vscode.TextDocument) => boolean;
}

/**
 * Calls `read` once, in a window that needs the rooms though nobody asks for one by name: where sessions were used in the workspace
 * before, a server is known, or a document shows something of ours. Nothing is looked at before the activation is over.
 */
export function readWhenUsed({ memory, environment, concerns }: UseSigns, read: () => void): Disposable {
  const owned = new DisposableStore();
  const used = (): void => {
    owned.dispose();
    read();
  };
  const look = (documents: readonly vscode.TextDocument[]): void => {
    if (documents.some(concerns)) {
      used();
    }
  };
  const begin = (): void => {
    if (memory.keys().length > 0 || hasServers() || hasVariables(environment) || hasNotebooks()) {
      used();
      return;
    }
    owned.add(
      vscode.window.onDidChangeVisibleTextEditors((editors) => look(editors.map(({ document }) => document))),
    );
    owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Every mark of a cell has one, or comes with a bracket; other keys cost nothing.
        if (contentChanges.some(({ text }) => /[%\]>]/.test(text))) {
          look([document]);
        }
      }),
    );
    owned.add(vscode.workspace.onDidOpenNotebookDocument(() => hasNotebooks() && used()));
    owned.add(
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration("backendai.servers") && hasServers() && used(),
      ),
    );
    look(vscode.window.visibleTextEditors.map(({ document }) => document));
  };
  const soon = setImmediate(begin);
  owned.defer(() => clearImmediate(soon));
  return owned;
}

/** Whether the person has servers: a workspace has no say in it. */
function hasServers(): boolean {
  const servers = vscode.workspace.getConfiguration("backendai").inspect<unknown>("servers")?.globalValue;
  return Array.isArray(servers) && servers.length > 0;
}

function hasVariables(environment: NodeJS.ProcessEnv): boolean {
  return Object.keys(environment).some((name) => /^(BACKEND|SORNA)_ENDPOINT$/.test(name));
}

function hasNotebooks(): boolean {
  return vscode.workspace.notebookDocuments.some((notebook) => notebook.notebookType === notebookType);
}
