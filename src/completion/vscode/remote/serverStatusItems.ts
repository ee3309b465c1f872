import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Disposable } from "../../../base/lifecycle.js";
import { detailText } from "../../../base/shownText.js";
import { wordsFor } from "../../../platform/describeError.js";
import type { ServerStatus } from "../../remote/lifecycle/remoteServers.js";
import { serverTitle } from "../../remote/servers/serverTitle.js";

/** Says beside the language of a document which server of which session serves it, and why not. */
export class ServerStatusItems implements Disposable {
  readonly #items = new Map<string, vscode.LanguageStatusItem>();

  show(status: ServerStatus): void {
    const { language, session, state } = status;
    const item = this.#items.get(language.id) ?? this.#create(status);
    item.busy = state.phase === "starting";
    item.severity = vscode.LanguageStatusSeverity.Information;
    const restart = { title: l10n.t("Restart"), command: "backendai.languageServer.restart" };
    const showLog = { title: l10n.t("Show Log"), command: "backendai.languageServer.showLog" };
    switch (state.phase) {
      case "starting":
        item.text = detailText(l10n.t("Starting in {0}", session.name));
        item.detail = l10n.t("language server of the session");
        item.command = showLog;
        break;
      case "running":
        item.text = detailText(serverTitle(state.server, session.name));
        item.detail = l10n.t("language server of the session");
        item.command = restart;
        break;
      case "waiting":
        item.text = detailText(
          l10n.t("Starts again in {0} in {1} s", session.name, (state.delayMs / 1000).toFixed(0)),
        );
        item.detail = detailText(state.reason);
        item.severity = vscode.LanguageStatusSeverity.Warning;
        item.command = showLog;
        break;
      case "stopped":
        item.text = detailText(l10n.t("Not running in {0}", session.name));
        item.detail = state.error === undefined ? l10n.t("stopped") : detailText(wordsFor(state.error));
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
    item.name = l10n.t("Backend.AI: Language Server of the Session ({0})", language.name);
    this.#items.set(language.id, item);
    return item;
  }
}
