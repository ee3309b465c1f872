import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { wordsFor } from "../../../platform/describeError.js";
import type { ServerStatus } from "../../remote/lifecycle/remoteServers.js";

/** Says beside the language of a document which server of which session serves it, and why not. */
export class ServerStatusItems implements Disposable {
  readonly #items = new Map<string, vscode.LanguageStatusItem>();

  show(status: ServerStatus): void {
    const { language, session, state } = status;
    const item = this.#items.get(language.id) ?? this.#create(status);
    item.busy = state.phase === "starting";
    item.severity = vscode.LanguageStatusSeverity.Information;
    const restart = { title: "Restart", command: "backendai.languageServer.restart" };
    const showLog = { title: "Show Log", command: "backendai.languageServer.showLog" };
    switch (state.phase) {
      case "starting":
        item.text = `Starting in ${session.name}`;
        item.detail = "language server of the session";
        item.command = showLog;
        break;
      case "running":
        item.text = `${state.server} of ${session.name}`;
        item.detail = "language server of the session";
        item.command = restart;
        break;
      case "waiting":
        item.text = `Starts again in ${session.name} in ${(state.delayMs / 1000).toFixed(0)} s`;
        item.detail = state.reason;
        item.severity = vscode.LanguageStatusSeverity.Warning;
        item.command = showLog;
        break;
      case "stopped":
        item.text = `Not running in ${session.name}`;
        item.detail = state.error === undefined ? "stopped" : wordsFor(state.error);
        item.severity =
          state.error === undefined
            ? vscode.LanguageStatusSeverity.Information
            : vscode.LanguageStatusSeverity.Error;
        item.command = restart;
        break;
    }
  }

  dispose(): void {
    for (const item of this.#items.values()) {
      item.dispose();
    }
    this.#items.clear();
  }

  #create({ language }: ServerStatus): vscode.LanguageStatusItem {
    const selector = language.languageIds.map((id) => ({ language: id }));
    const item = vscode.languages.createLanguageStatusItem(
      `backendai.languageServer.${language.id}`,
      selector,
    );
    item.name = `Backend.AI: Language Server of the Session (${language.name})`;
    this.#items.set(language.id, item);
    return item;
  }
}
