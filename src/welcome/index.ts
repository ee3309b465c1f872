import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../base/lifecycle.js";
import type { Commands } from "../platform/commands.js";

/** What the first steps work with. */
export interface WelcomeDeps {
  readonly commands: Commands;
  /** The extension's id, which VS Code knows its walkthrough by. */
  readonly extensionId: string;
  /** The program that comes with the extension, for who has none at hand. */
  readonly sample: vscode.Uri;
  /** A folder of the extension on this computer. */
  readonly globalStorage: vscode.Uri;
}

/** The first steps of a newcomer: the walkthrough, and a program to run. */
export function registerWelcome({ commands, extensionId, sample, globalStorage }: WelcomeDeps): Disposable {
  const owned = new DisposableStore();
  owned.add(
    commands.register("backendai.welcome.open", () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", `${extensionId}#backendai.start`),
    ),
  );
  owned.add(
    commands.register("backendai.welcome.sample", async () => {
      const own = vscode.Uri.joinPath(globalStorage, "samples", "hello.py");
      if (!(await exists(own))) {
        await vscode.workspace.fs.copy(sample, own); // what a person has changed in it stays
      }
      await vscode.window.showTextDocument(own);
    }),
  );
  return owned;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
