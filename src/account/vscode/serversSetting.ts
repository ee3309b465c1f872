import * as vscode from "vscode";
import { Emitter } from "../../base/event.js";
import { type Disposable, DisposableStore } from "../../base/lifecycle.js";
import type { ServersSetting } from "../profiles/profileStore.js";

/** The setting `backendai.servers`: the person's own, whatever a workspace says (its scope is `application`). */
export function serversSetting(): ServersSetting & Disposable {
  const owned = new DisposableStore();
  const didChange = owned.add(new Emitter<void>());
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("backendai.servers")) {
        didChange.fire();
      }
    }),
  );
  const section = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("backendai");
  return {
    read: () => section().inspect<unknown>("servers")?.globalValue ?? [],
    write: async (value) => {
      await section().update("servers", value, vscode.ConfigurationTarget.Global);
    },
    onDidChange: didChange.event,
    dispose: () => owned.dispose(),
  };
}
