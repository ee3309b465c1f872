import type * as vscode from "vscode";
import { DisposableStore } from "./base/lifecycle.js";
import { compose } from "./compose.js";

let end: (() => Promise<void>) | undefined;

/** Called by VS Code when a command or the view of this extension is first used. */
export function activate(context: vscode.ExtensionContext): void {
  // VS Code disposes subscriptions first-in first-out and not at all when activation fails: so there is one, ours.
  const owned = new DisposableStore();
  try {
    end = compose(context, owned);
    context.subscriptions.push(owned);
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

/** Called by VS Code at the end; it waits for the promise. */
export async function deactivate(): Promise<void> {
  await end?.();
}
