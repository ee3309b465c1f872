import * as vscode from "vscode";
import type { Logger } from "../base/logger.js";
import type { CommandId } from "./commandIds.js";
import { type ErrorAction, describeError, wordsFor } from "./describeError.js";

const titles: Readonly<
  Record<ErrorAction, { readonly title: string; readonly command: CommandId | "workbench.trust.manage" }>
> = {
  showLog: { title: "Show Log", command: "backendai.log.show" },
  reconnect: { title: "Connect Again", command: "backendai.account.connectDefault" },
  chooseServer: { title: "Choose Server", command: "backendai.account.connect" },
  signIn: { title: "Sign In", command: "backendai.account.signIn" },
  editServers: { title: "Edit Servers", command: "backendai.account.editServers" },
  manageTrust: { title: "Manage Trust", command: "workbench.trust.manage" },
  showServer: { title: "What Works Here", command: "backendai.account.showServer" },
  startSession: { title: "Start Session", command: "backendai.sessions.start" },
};

/** Shows a failure to a person: once, in words, with the button that helps. */
export async function showError(error: unknown, context: string, logger: Logger): Promise<void> {
  const { actions } = describeError(error);
  const text = wordsFor(error);
  logger.error(`${context}: ${text}`);
  const choice = await vscode.window.showErrorMessage(text, ...actions.map((action) => titles[action].title));
  const action = actions.find((candidate) => titles[candidate].title === choice);
  if (action !== undefined) {
    await vscode.commands.executeCommand(titles[action].command);
  }
}
