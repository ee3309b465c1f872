import * as vscode from "vscode";
import { DisposableStore } from "./base/lifecycle.js";
import { once } from "./base/once.js";
import { Contributions } from "./platform/contributions/contributions.js";
import { readWhenUsed } from "./platform/contributions/whenUsed.js";
import { sessionFileGlob } from "./platform/contributedIds.js";
import { documentCells } from "./run/vscode/query/documentCells.js";

let end: (() => Promise<void>) | undefined;

/**
 * Called by VS Code when its window has started, or earlier where something of this extension is asked for. It tells VS Code what there
 * is; everything else is read when that is first used.
 */
export function activate(context: vscode.ExtensionContext): void {
  // VS Code disposes subscriptions first-in first-out and not at all when activation fails: so there is one, ours.
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  const read = once(async () => {
    const { compose } = await import("./compose.js");
    const rooms = new DisposableStore();
    try {
      end = compose(context, contributions, rooms);
    } catch (error) {
      rooms.dispose();
      throw error;
    }
    owned.add(rooms);
  });
  const contributions: Contributions = owned.add(new Contributions(read));
  owned.add(
    readWhenUsed({ memory: context.workspaceState, environment: process.env, concerns }, () => {
      read().catch((error: unknown) => console.error("Backend.AI Sessions:", error)); // the next command tells it
    }),
  );
}

/** Whether a document has buttons of ours above its lines: cells, and the files that sessions are started from. */
function concerns(document: vscode.TextDocument): boolean {
  return (
    documentCells(document).length > 0 || vscode.languages.match({ pattern: sessionFileGlob }, document) > 0
  );
}

/** Called by VS Code at the end; it waits for the promise. */
export async function deactivate(): Promise<void> {
  await end?.();
}
