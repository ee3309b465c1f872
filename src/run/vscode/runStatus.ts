import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { labelText } from "../../base/shownText.js";
import type { Disposable } from "../../base/lifecycle.js";
import { contextKeys } from "../../platform/commandIds.js";

/** Shows in the status bar what runs, with a way to stop it. */
export class RunStatus implements Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem("backendai.run", vscode.StatusBarAlignment.Left, 49);
    this.#item.name = l10n.t("Backend.AI run");
    this.#item.command = "backendai.run.stop";
    this.#item.tooltip = l10n.t("Backend.AI: stop what runs");
  }

  /** @param names The files that run. */
  show(names: readonly string[]): void {
    void vscode.commands.executeCommand("setContext", contextKeys.running, names.length > 0);
    this.#item.text = `$(debug-stop) ${names.length === 1 ? labelText(names[0] ?? "") : l10n.t("{0} runs", names.length)}`;
    if (names.length > 0) {
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }

  dispose(): void {
    this.#item.dispose();
  }
}
