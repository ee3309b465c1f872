import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showErrorMessage } from "./shown/notifications.js";
import type { Logger } from "../base/logger.js";
import type { CommandId } from "./commandIds.js";
import { describeError, wordsFor } from "./describeError.js";
import type { ErrorAction } from "./errors/errorRow.js";

/** Commands of VS Code, and those that it makes of views. */
type CommandOfOthers =
  "workbench.trust.manage" | "workbench.action.openSettings" | "backendai.sessions.focus";

/** A button: the command that it runs, and what it hands over. */
interface Button {
  readonly title: string;
  readonly command: CommandId | CommandOfOthers;
  readonly argument?: unknown;
}

/** Starts the session that was asked for last once more, with another choice of that. */
function correct(title: string, what: string): Button {
  return { title, command: "backendai.sessions.start", argument: { correct: what } };
}

const titles: Readonly<Record<ErrorAction, Button>> = {
  showLog: { title: l10n.t("Show Log"), command: "backendai.log.show" },
  exportSupportBundle: { title: l10n.t("Export Support Bundle…"), command: "backendai.support.export" },
  reconnect: { title: l10n.t("Connect Again"), command: "backendai.account.connectDefault" },
  chooseServer: { title: l10n.t("Choose Server"), command: "backendai.account.connect" },
  signIn: { title: l10n.t("Sign In"), command: "backendai.account.signIn" },
  editServers: { title: l10n.t("Edit Servers"), command: "backendai.account.editServers" },
  manageTrust: { title: l10n.t("Manage Trust"), command: "workbench.trust.manage" },
  showServer: { title: l10n.t("What Works Here"), command: "backendai.account.showServer" },
  chooseGroup: { title: l10n.t("Choose Group"), command: "backendai.account.chooseGroup" },
  proxySettings: {
    title: l10n.t("Open Settings"),
    command: "workbench.action.openSettings",
    argument: "http.proxy",
  },
  startSession: { title: l10n.t("Start Session"), command: "backendai.sessions.start" },
  chooseDependencies: correct(l10n.t("Choose Sessions"), "dependencies"),
  chooseGroupForStart: correct(l10n.t("Choose Group"), "group"),
  chooseImage: correct(l10n.t("Choose Image"), "image"),
  chooseName: correct(l10n.t("Choose Name"), "name"),
  chooseResourceGroup: correct(l10n.t("Choose Resource Group"), "resourceGroup"),
  chooseResources: correct(l10n.t("Choose Resources"), "resources"),
  startSmaller: correct(l10n.t("Start Smaller…"), "resources"),
  showSessions: { title: l10n.t("Show Sessions"), command: "backendai.sessions.focus" },
  whyPending: { title: l10n.t("Why Is It Waiting?"), command: "backendai.sessions.whyPending" },
};

/** Shows a failure to a person: once, in words, with the button that helps. */
export async function showError(error: unknown, context: string, logger: Logger): Promise<void> {
  const { actions } = describeError(error);
  const log = (text: string): void => logger.error(`${context}: ${text}`);
  await runAction(actions, await show(error, titlesOf(actions), log));
}

/**
 * Shows a failure with a button that tries once more, beside those that help otherwise.
 * @returns Whether it was chosen.
 */
export async function asksAgain(error: unknown, context: string, logger: Logger): Promise<boolean> {
  // Both would go about it in another way than who asks here.
  const actions = describeError(error).actions.filter(
    (action) => action !== "reconnect" && action !== "signIn",
  );
  const log = (text: string): void => logger.error(`${context}: ${text}`);
  const again = l10n.t("Try Again");
  const choice = await show(error, [again, ...titlesOf(actions)], log);
  await runAction(actions, choice);
  return choice === again;
}

async function show(
  error: unknown,
  buttons: readonly string[],
  log: (text: string) => void,
): Promise<string | undefined> {
  const text = wordsFor(error);
  log(text);
  return showErrorMessage(text, ...buttons);
}

function titlesOf(actions: readonly ErrorAction[]): string[] {
  return actions.map((action) => titles[action].title);
}

async function runAction(actions: readonly ErrorAction[], choice: string | undefined): Promise<void> {
  const action = actions.find((candidate) => titles[candidate].title === choice);
  if (action !== undefined) {
    const { command, argument } = titles[action];
    await vscode.commands.executeCommand(command, ...(argument === undefined ? [] : [argument]));
  }
}
