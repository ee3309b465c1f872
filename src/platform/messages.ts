import * as vscode from "vscode";
import type { Logger } from "../base/logger.js";
import type { CommandId } from "./commandIds.js";
import { type ErrorAction, describeError, wordsFor } from "./describeError.js";

/** A button: the command that it runs, and what it hands over. */
interface Button {
  readonly title: string;
  readonly command: CommandId | "workbench.trust.manage" | "backendai.sessions.focus";
  readonly argument?: unknown;
}

/** Starts the session that was asked for last once more, with another choice of that. */
function correct(title: string, what: string): Button {
  return { title, command: "backendai.sessions.start", argument: { correct: what } };
}

const titles: Readonly<Record<ErrorAction, Button>> = {
  showLog: { title: "Show Log", command: "backendai.log.show" },
  reconnect: { title: "Connect Again", command: "backendai.account.connectDefault" },
  chooseServer: { title: "Choose Server", command: "backendai.account.connect" },
  signIn: { title: "Sign In", command: "backendai.account.signIn" },
  editServers: { title: "Edit Servers", command: "backendai.account.editServers" },
  manageTrust: { title: "Manage Trust", command: "workbench.trust.manage" },
  showServer: { title: "What Works Here", command: "backendai.account.showServer" },
  startSession: { title: "Start Session", command: "backendai.sessions.start" },
  chooseDependencies: correct("Choose Sessions", "dependencies"),
  chooseGroup: correct("Choose Group", "group"),
  chooseImage: correct("Choose Image", "image"),
  chooseName: correct("Choose Name", "name"),
  chooseResourceGroup: correct("Choose Resource Group", "resourceGroup"),
  chooseResources: correct("Choose Resources", "resources"),
  startSmaller: correct("Start Smaller…", "resources"),
  showSessions: { title: "Show Sessions", command: "backendai.sessions.focus" },
  whyPending: { title: "Why Is It Waiting?", command: "backendai.sessions.whyPending" },
};

/** Shows a failure to a person: once, in words, with the button that helps. */
export async function showError(error: unknown, context: string, logger: Logger): Promise<void> {
  const { actions } = describeError(error);
  const text = wordsFor(error);
  logger.error(`${context}: ${text}`);
  const choice = await vscode.window.showErrorMessage(text, ...actions.map((action) => titles[action].title));
  const action = actions.find((candidate) => titles[candidate].title === choice);
  if (action !== undefined) {
    const { command, argument } = titles[action];
    await vscode.commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
  }
}
